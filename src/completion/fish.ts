/** Paths are completed as those of a command without a name are: with ~, quotes and --flag=path. */
export const FISH = `# fish completion for oxhost, written by: oxhost completion fish
function __oxhost_complete
    type -q oxhost; or return
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    set -l answer (oxhost __complete fish (count $words) $words "$current" 2>/dev/null </dev/null)
    set -l kind $answer[1]
    set -e answer[1]
    switch "$kind"
        case words
            string join \\n -- $answer
        case files
            complete -C "'' $current"
        case folders
            complete -C "'' $current" | string match -r '.*/$'
    end
end
complete -c oxhost -f -k -a '(__oxhost_complete)'
`;
