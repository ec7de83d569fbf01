/**
 * Characters that can act on a terminal or deceive the eye: C0 and C1 controls, DEL, line and
 * paragraph separators, and the invisible ones that reorder or hide text (Unicode Cf, lone surrogates).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Escape sequences as a whole (ECMA-48 CSI, and OSC, DCS, SOS, PM, APC strings). */
const ESCAPE_SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

/** Makes text from elsewhere fit for one line of a terminal: no control, nothing hidden. */
export function sanitizeLine(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/[\r\n\t\u0085\u2028\u2029]+/g, ' ')
    .replace(UNSAFE, '');
}

/** Cuts at a whole character, and says so with an ellipsis. */
export function shorten(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const end = /[\ud800-\udbff]/.test(text[maximum - 2] ?? '') ? maximum - 2 : maximum - 1;
  return `${text.slice(0, end)}…`;
}

/** The same, by bytes of UTF-8. */
export function shortenBytes(text: string, maximum: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maximum) return text;
  const ellipsis = '…';
  const kept = bytes.subarray(0, maximum - Buffer.byteLength(ellipsis));
  // Streaming leaves out a character that the cut has split.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: true }) + ellipsis;
}

/** JSON in which every character outside printable ASCII is a `\u` escape (RFC 8259 section 7). */
export function escapeNonAscii(json: string): string {
  return json.replace(/[^\n\x20-\x7e]/g, escapeUnit);
}

/** JSON that keeps readable letters and escapes only what a terminal must not see. */
export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (character) =>
    character === '\n' ? character : [...unitsOf(character)].map(escapeUnit).join(''),
  );
}

function* unitsOf(character: string): Iterable<string> {
  for (let index = 0; index < character.length; index++) yield character[index] as string;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const STYLING = /\u001b\[[\d;]*m/g;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes on a terminal, roughly: colour none, East Asian letters and pictures two. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text.replace(STYLING, '')) {
    if (!/\p{M}/u.test(character)) columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}

/**
 * Breaks one line between words, so that none is wider than `width` unless a single word is.
 * @param margin columns before each line after the first: two more than before that one unless
 * given, and also where half of the width would be lost.
 */
export function wrap(line: string, width: number, margin = 0): string {
  const own = /^ */.exec(line)?.[0].length ?? 0;
  const indent = ' '.repeat(margin > 0 && margin <= width / 2 ? margin : own + 2);
  const lines: string[] = [];
  let current = '';
  for (const [, spaces = '', word = ''] of line.matchAll(/( *)([^ ]+)/g)) {
    const longer = `${current}${spaces}${word}`;
    if (current === '' || columnsOf(longer) <= width) {
      current = longer;
    } else {
      lines.push(current);
      current = `${indent}${word}`;
    }
  }
  return [...lines, current].join('\n');
}

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
