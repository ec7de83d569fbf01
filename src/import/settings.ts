import { OxhostError } from '../errors.ts';
import { PASSWORD_LENGTH } from '../plesk/limits.ts';
import { wholeNumber } from '../settings.ts';
import { type MapOverride, parseMapOption } from './mapping/fields.ts';
import { INPUT_FORMATS, type InputFormat } from './reader/record.ts';

export const CONCURRENCY = { minimum: 1, default: 4, maximum: 64 } as const;

export const MAX_ERRORS = { minimum: 1, default: null, maximum: 999_999_999 } as const;

const SWITCHES = [
  'generatePasswords',
  'dryRun',
  'skipInvalid',
  'retryUnknown',
  'retryRejected',
  'sameAccount',
] as const;
type Switch = (typeof SWITCHES)[number];

/** Flags of `oxhost plesk client import`, as they were given. */
export interface ImportOptions extends Partial<Record<Switch, boolean>> {
  format?: string;
  map?: readonly string[];
  passwordLength?: string;
  concurrency?: string;
  rate?: string;
  journal?: string;
  results?: string;
  maxErrors?: string;
}

export interface ImportSettings extends Readonly<Record<Switch, boolean>> {
  /** A path, or `-` for standard input. */
  readonly operand: string;
  readonly format: InputFormat | undefined;
  readonly overrides: readonly MapOverride[];
  readonly passwordLength: number;
  readonly concurrency: number;
  readonly rate: number | null;
  readonly journal: string | undefined;
  readonly results: string | undefined;
  readonly maxErrors: number | null;
}

const HIGHEST_RATE = 10_000;

/** @throws OxhostError `usage` that names the option. Pure. */
export function resolveImport(operand: string, options: ImportOptions): ImportSettings {
  if (options.passwordLength !== undefined && options.generatePasswords !== true) {
    throw new OxhostError('usage', '--password-length needs --generate-passwords.');
  }
  const switches = SWITCHES.map((name) => [name, options[name] ?? false]);
  return {
    ...(Object.fromEntries(switches) as Record<Switch, boolean>),
    operand,
    format: formatOf(options.format),
    overrides: (options.map ?? []).map(parseMapOption),
    passwordLength: wholeNumber(options.passwordLength, '--password-length', PASSWORD_LENGTH),
    concurrency: wholeNumber(options.concurrency, '--concurrency', CONCURRENCY),
    rate: options.rate === undefined ? null : rateOf(options.rate),
    journal: notEmpty(options.journal, '--journal'),
    results: notEmpty(options.results, '--results'),
    maxErrors: wholeNumber(options.maxErrors, '--max-errors', MAX_ERRORS),
  };
}

function formatOf(value: string | undefined): InputFormat | undefined {
  if (value === undefined) return undefined;
  const format = INPUT_FORMATS.find((name) => name === value);
  if (format !== undefined) return format;
  throw new OxhostError(
    'usage',
    `--format must be ${INPUT_FORMATS.slice(0, -1).join(', ')} or json.`,
  );
}

function rateOf(value: string): number {
  const match = /^(\d{1,5}(?:\.\d{1,3})?)(?:\/s)?$/.exec(value);
  const rate = Number(match?.[1]);
  if (rate > 0 && rate <= HIGHEST_RATE) return rate;
  throw new OxhostError(
    'usage',
    `--rate must be requests a second above 0, up to ${HIGHEST_RATE}, such as 5/s.`,
  );
}

function notEmpty(value: string | undefined, name: string): string | undefined {
  if (value !== '') return value;
  throw new OxhostError('usage', `${name} must not be empty.`);
}
