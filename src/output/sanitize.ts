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
