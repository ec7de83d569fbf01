const plain = {
  enter: '\r',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
  'ctrl-z': '\x1a',
  backspace: '\x7f',
  tab: '\t',
  escape: '\x1b',
  space: ' ',
} as const;

const arrows = { up: 'A', down: 'B', right: 'C', left: 'D' } as const;

export type Key = keyof typeof plain | keyof typeof arrows;

/** What a terminal sends for the key; arrows differ while a program has asked for it (DECCKM). */
export function bytesOf(key: Key, applicationCursorKeys: boolean): string {
  if (!(key in arrows)) return plain[key as keyof typeof plain];
  return `\x1b${applicationCursorKeys ? 'O' : '['}${arrows[key as keyof typeof arrows]}`;
}
