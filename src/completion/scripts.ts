/** Needs no bash-completion; never evaluates what has been typed. */
const BASH = `# bash completion for oxhost, written by: oxhost completion bash
_oxhost() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() piece='' prefix kind='' line i
  # Bash also cuts words at = and :, as in --color=never; what has no space between is one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      words+=('')
    fi
    if ((i == COMP_CWORD)); then piece=$rest; fi
    words[\${#words[@]} - 1]+=$piece
    rest=\${rest#"$piece"}
  done
  words=("\${words[@]//[\\"\\'\\\\]/}")
  piece=\${piece//[\\"\\'\\\\]/}
  # Only what follows the last cut is replaced by an answer.
  prefix=\${words[\${#words[@]} - 1]}
  if [[ $piece != [=:] ]]; then prefix=\${prefix%"$piece"}; fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      COMPREPLY+=("\${line#"$prefix"}")
    fi
  done < <(oxhost __complete bash $((\${#words[@]} - 2)) "\${words[@]:1}" 2>/dev/null </dev/null)
  if [[ $piece == [=:] ]]; then piece=; fi
  case $kind in
    words) compopt -o nosort 2>/dev/null ;;
    files)
      compopt -o default 2>/dev/null ||
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$piece")
      ;;
    folders)
      compopt -o filenames -o dirnames 2>/dev/null ||
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$piece")
      ;;
  esac
}
complete -F _oxhost oxhost
`;

/** Works sourced below compinit, and as a file `_oxhost` in a folder of `fpath`. */
const ZSH = `#compdef oxhost
# zsh completion for oxhost, written by: oxhost completion zsh
_oxhost() {
  local kind
  local -a answer
  answer=("\${(@f)$(oxhost __complete zsh $((CURRENT - 2)) "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  kind=$answer[1]
  shift answer
  case $kind in
    words) _describe -V -t oxhost oxhost answer ;;
    files) compset -P '--*='; _files ;;
    folders) compset -P '--*='; _files -/ ;;
    *) return 1 ;;
  esac
}
if [[ \${funcstack[1]} == _oxhost ]]; then
  _oxhost "$@"
else
  compdef _oxhost oxhost
fi
`;

/** Paths are completed as those of a command without a name are: with ~, quotes and --flag=path. */
const FISH = `# fish completion for oxhost, written by: oxhost completion fish
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

/** Answering nothing lets PowerShell complete paths; an empty text completes nothing. */
const POWERSHELL = `# PowerShell completion for oxhost, written by: oxhost completion powershell
Register-ArgumentCompleter -Native -CommandName 'oxhost' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements |
        Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim([char[]](34, 39)) })
    $current = "$wordToComplete".Trim([char[]](34, 39))
    try {
        $kind, $lines = @(oxhost __complete powershell $before.Count @before $current 2>$null)
    } catch {
        return ''
    }
    if ($kind -eq 'files' -or $kind -eq 'folders') { return }
    if (-not $lines) { return '' }
    foreach ($line in $lines) {
        $value, $description = $line -split [char]9, 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
`;

/**
 * What each shell runs to complete words. None of them knows a command or flag: at each Tab they ask
 * `oxhost __complete <shell> <n> <words…>`, n being how many words stand before the one at the cursor.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(word: string | undefined): word is Shell {
  return SHELLS.some((shell) => shell === word);
}
