import { columnsOf, wrap } from '../output/text.ts';

/**
 * Paragraphs folded to a width; lines that begin with a space are rows or to be copied. Pure.
 */
export function flow(text: string, width: number): string {
  return paragraphsOf(text)
    .join('\n\n')
    .split('\n')
    .map((line) => (line.startsWith(' ') ? foldBelow(line, width) : fold(line, width)))
    .join('\n');
}

/** A row of two columns is folded below its second one; anything else is to be copied as it is. */
function foldBelow(line: string, width: number): string {
  const [, first = ''] = /^( +\S.*? {2,})\S/.exec(line) ?? [];
  return first === '' ? line : wrap(line, width, first.length);
}

/** The paragraphs of a text, each in one line but for what stays as it is. Pure. */
export function paragraphsOf(text: string): string[] {
  return text
    .trim()
    .split('\n\n')
    .map((paragraph) => paragraph.replaceAll(/\n(?! )/g, ' '));
}

/** One line, folded at its left margin; a space that must not break is given as U+00A0. Pure. */
export function fold(line: string, width: number): string {
  return wrap(line, width).replaceAll('\n  ', '\n').replaceAll('\u00a0', ' ');
}

/** Two columns, the second folded below itself. Pure. */
export function columns(rows: readonly (readonly [string, string])[], width: number): string {
  const longest = Math.max(...rows.map(([name]) => columnsOf(name)));
  const margin = Math.min(longest + 4, Math.floor(width / 2));
  return rows
    .map(([name, text]) => {
      const first = `  ${name}`;
      if (columnsOf(first) + 2 <= margin)
        return wrap(`${first.padEnd(margin)}${text}`, width, margin);
      return `${first}\n${wrap(`${' '.repeat(margin)}${text}`, width, margin)}`;
    })
    .join('\n');
}

/** A command line for a POSIX shell, folded where a shell lets it go on. Pure. */
export function foldCommand(command: string, width: number): string {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  const parts: string[] = [];
  for (const word of words) {
    const last = parts.at(-1);
    // A flag stands with its value, and a pipe with what is before it.
    const isValue = last !== undefined && /^--?\w[\w-]*$/.test(last) && !word.startsWith('-');
    if (isValue || (last !== undefined && /^[|>]$/.test(word))) {
      parts[parts.length - 1] = `${last} ${word}`;
    } else parts.push(word);
  }
  const lines: string[] = [];
  let current = '  $';
  for (const [index, part] of parts.entries()) {
    // What follows a pipe goes to a line of its own sooner than to two.
    const isPiped = parts[index - 1]?.endsWith('|') ?? false;
    const together = isPiped ? parts.slice(index).join(' ') : part;
    if (columnsOf(`${current} ${together}`) > width - 2 && current.trim() !== '$') {
      lines.push(`${current} \\`);
      current = `     `;
    }
    current = `${current} ${part}`;
  }
  return [...lines, current].join('\n');
}

const WIDEST = 100;

/** Columns to fill of a terminal; 80 where there is none. */
export function widthOf({ columns = 80 }: { columns?: number }): number {
  return Math.min(columns, WIDEST);
}
