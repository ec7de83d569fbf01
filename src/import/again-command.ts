import type { GivenFlag } from '../context.ts';
import { shellWord } from '../output/shell-word.ts';

export interface AgainOptions {
  /** What is to be imported: a path, or `-`. */
  readonly operand: string;
  readonly given: readonly GivenFlag[];
  /** The journal's folder, where the operand does not lead to it. */
  readonly journal?: string;
  /** What is asked for on top. */
  readonly retry?: '--retry-unknown' | '--retry-rejected';
}

/** What says how a run looks or asks, or was meant for that one run, and not what is done. */
const NOT_REPEATED: ReadonlySet<string> = new Set([
  '--json',
  '--fields',
  '--quiet',
  '--debug',
  '--color',
  '--no-color',
  '--no-input',
  '--yes',
  '--dry-run',
  '--retry-unknown',
  '--retry-rejected',
]);

/** Two less than a terminal has, for the indent. */
const WIDTH = 78;

/**
 * The command that imports as this one did, every other flag as it was given; where it is long,
 * lines that a shell takes as one. Pure.
 */
export function againCommand({ operand, given, journal, retry }: AgainOptions): string[] {
  // An embedded sandbox is another server each time, to which no journal belongs.
  const isSandbox = given.some(({ name }) => name === '--sandbox');
  const names = journal !== undefined && !isSandbox;
  const repeated = given.filter(
    ({ name }) => !NOT_REPEATED.has(name) && !(name === '--journal' && (names || isSandbox)),
  );
  const parts = [
    ['oxhost', 'plesk', 'client', 'import', asOperand(operand)],
    ...(names ? [option({ name: '--journal', value: journal })] : []),
    ...repeated.map(option),
    ...(retry === undefined ? [] : [[retry]]),
  ].map((words) => words.map(shellWord).join(' '));
  const line = parts.join(' ');
  if (line.length <= WIDTH) return [line];
  return parts.map((part, index) => {
    const end = index < parts.length - 1 ? ' \\' : '';
    return `${index === 0 ? '' : '  '}${part}${end}`;
  });
}

/** A name that begins as an option does would be taken for one. */
function asOperand(path: string): string {
  return path.startsWith('-') && path !== '-' ? `./${path}` : path;
}

function option({ name, value }: GivenFlag): string[] {
  if (value === null) return [name];
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}
