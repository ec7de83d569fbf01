import { shellWord } from '../shell-word.ts';
import type { ImportSettings } from './settings.ts';

/** What of a command line still applies to the rows that it left. */
export type MendSettings = Pick<
  ImportSettings,
  'format' | 'overrides' | 'generatePasswords' | 'givenPasswordLength' | 'results'
>;

/** Where the rows go, as far as the command line said so. */
export interface Destination {
  readonly profile: string | null;
  readonly apiUrl: string | null;
  /** Another server each time, to which no journal belongs. */
  readonly sandbox: boolean;
}

/** Two less than a terminal has, for the indent. */
const WIDTH = 78;

/**
 * The command that imports the file of mended rows as the first file was; where it is long, lines
 * that a shell takes as one. Pure.
 */
export function mendCommand(
  path: string,
  journal: string,
  settings: MendSettings,
  { profile, apiUrl, sandbox }: Destination,
): string[] {
  const { format, overrides, generatePasswords, givenPasswordLength, results } = settings;
  const parts = [
    ['oxhost', 'plesk', 'client', 'import', asOperand(path)],
    ...(sandbox ? [['--sandbox']] : [option('--journal', journal)]),
    ...(format === undefined ? [] : [option('--format', format)]),
    ...overrides.map(({ field, column }) => option('--map', `${field}=${column}`)),
    ...(generatePasswords ? [['--generate-passwords']] : []),
    ...(givenPasswordLength === undefined
      ? []
      : [option('--password-length', `${givenPasswordLength}`)]),
    ...(profile === null ? [] : [option('--profile', profile)]),
    ...(apiUrl === null ? [] : [option('--api-url', apiUrl)]),
    ...(results === undefined ? [] : [option('--results', results)]),
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
  return path.startsWith('-') ? `./${path}` : path;
}

function option(name: string, value: string): string[] {
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}
