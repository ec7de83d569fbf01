/** Needs no bash-completion; never evaluates what has been typed. */
export const BASH = `# bash completion for oxhost, written by: oxhost completion bash
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
