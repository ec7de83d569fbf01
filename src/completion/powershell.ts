/** Answering nothing lets PowerShell complete paths; an empty text completes nothing. */
export const POWERSHELL = `# PowerShell completion for oxhost, written by: oxhost completion powershell
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
