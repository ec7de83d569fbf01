/**
 * A word as a shell takes it, whatever is in it: on Windows in double quotes, which cmd and PowerShell
 * have in common, or, where either would read something in it, in PowerShell's single ones. Pure.
 */
export function shellWord(word: string, platform?: NodeJS.Platform): string {
  if (platform === 'win32') {
    if (/^[\w./\\:+=-]+$/.test(word)) return word;
    return /["$`%!]|^$/.test(word) ? `'${word.replaceAll("'", "''")}'` : `"${word}"`;
  }
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The same for the name of a file: one that begins as an option does would be taken for one. Pure. */
export function fileWord(path: string, platform?: NodeJS.Platform): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path, platform);
}
