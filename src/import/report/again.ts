import type { GivenFlag } from '../../context.ts';
import { fileWord, shellWord } from '../../output/shell-word.ts';

/** What says how a run looks or asks, or was meant for that one run, and not what is done. */
const NOT_REPEATED: ReadonlySet<string> = new Set([
  '--json',
  '--fields',
  '--get',
  '--quiet',
  '--debug',
  '--color',
  '--no-color',
  '--no-input',
  '--yes',
  '--dry-run',
  '--retry-unknown',
  '--retry-rejected',
  '--same-account',
]);

/** Two less than a terminal has, for the indent. */
const WIDTH = 78;

/**
 * The command that imports as this one did, every other flag as it was given; where it is long,
 * lines that a shell takes as one. Pure.
 * @param operand what is imported: a path, or `-`.
 */
export function againCommand(
  operand: string,
  given: readonly GivenFlag[],
  platform?: NodeJS.Platform,
): string[] {
  const flags = given
    .filter(({ name }) => !NOT_REPEATED.has(name))
    .map((flag) => option(flag, platform));
  const file = operand === '-' ? operand : fileWord(operand, platform);
  const parts = [`oxhost plesk client import ${file}`, ...flags];
  const line = parts.join(' ');
  // The shells of Windows go on with a line each in its own way.
  if (line.length <= WIDTH || platform === 'win32') return [line];
  return parts.map((part, index) => {
    const end = index < parts.length - 1 ? ' \\' : '';
    return `${index === 0 ? '' : '  '}${part}${end}`;
  });
}

function option({ name, value }: GivenFlag, platform?: NodeJS.Platform): string {
  if (value === null) return name;
  const word = shellWord(value, platform);
  return value.startsWith('-') ? `${name}=${word}` : `${name} ${word}`;
}
