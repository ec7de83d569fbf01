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
