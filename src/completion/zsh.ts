/** Works sourced below compinit, and as a file `_oxhost` in a folder of `fpath`. */
export const ZSH = `#compdef oxhost
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
