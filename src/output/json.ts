import { escapeNonAscii, escapeUnsafe } from './sanitize.ts';

/**
 * JSON for scripts is one line of pure ASCII, which no code page can spoil; JSON for a terminal
 * is indented, keeps its letters, and escapes only what could act on the terminal.
 */
export function stringifyJson(value: unknown, options: { readable?: boolean } = {}): string {
  return options.readable === true
    ? escapeUnsafe(JSON.stringify(value, null, 2))
    : escapeNonAscii(JSON.stringify(value));
}
