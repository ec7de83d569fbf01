import { OxhostError } from '../errors.ts';
import type { Profile } from './config-file.ts';

/** Far longer than any key, and still a header that servers accept. */
const LONGEST_KEY = 4_096;

export const KEY_HINT =
  'Store a key with oxhost auth login, or set OXHOST_API_KEY. Keys are made on the keys page of your account.';

/** `<your-api-key>`, `YOUR_API_KEY`, `$OXHOST_API_KEY` as it stands in instructions. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{.*\}|\$[{a-z].*|your[-_ .]?(?:own|0xhost)?[-_ .]?(?:api)?[-_ .]?key.*|(?:x-)?api.?key|change.?me)$/i;

/** What no key is, and why; the first that fits counts. */
const FAULTS: readonly [RegExp, why: string][] = [
  [/^$/, 'it is empty'],
  [/[\r\n]/, 'it has a line break in it'],
  [PLACEHOLDER, 'it is a placeholder'],
  [/\s/, 'it has white space in it'],
  [/[^\x21-\x7e]/, 'it has characters that no key has'],
  [/["']/, 'it has quotation marks in it'],
  [/^(?:null|undefined|none|nil|false|true)$/i, 'it is a word for nothing'],
  [/\*{3}|^[x.]{3,}$/i, 'it is a mask'],
  [/^[a-z_]\w*=[^=]/i, 'it is NAME=value, where the value alone is wanted'],
  [new RegExp(`^.{${LONGEST_KEY + 1}}`), `it is longer than ${LONGEST_KEY} characters`],
];

/**
 * A key as a header can carry it; one newline at the end (of a file, of a command) is dropped.
 * @param name what messages call it.
 * @throws OxhostError `usage` that does not repeat the value.
 */
export function checkKey(value: string, name: string): string {
  const key = value.replace(/\r?\n$/, '');
  const fault = FAULTS.find(([pattern]) => pattern.test(key));
  if (fault === undefined) return key;
  throw new OxhostError('usage', `${name} is not a usable key: ${fault[1]}.`, { hint: KEY_HINT });
}

/** At most the last four characters, and only of a key long enough to spare them. */
export function maskKey(key: string): string {
  return key.length >= 24 ? `****${key.slice(-4)}` : '****';
}

/** What may be shown of a profile's key: a mask, or the command that prints it. */
export function shownKey({
  key = '',
  key_command: command,
}: Profile): Pick<Profile, 'key' | 'key_command'> {
  return command === undefined ? { key: maskKey(key) } : { key_command: command };
}
