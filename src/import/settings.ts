import { OxhostError } from '../errors.ts';
import { PASSWORD_LENGTH } from '../plesk/rules.ts';
import { type MapOverride, parseMapOption } from './mapping/fields.ts';
import type { InputFormat } from './reader/record.ts';

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

/** Flags of `oxhost plesk client import`. */
export interface ImportOptions extends Partial<Record<Switch, boolean>> {
  format?: InputFormat;
  map?: readonly string[];
  passwordLength?: number;
  concurrency?: number;
  rate?: string;
  journal?: string;
  results?: string;
  maxErrors?: number;
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
    format: options.format,
    overrides: (options.map ?? []).map(parseMapOption),
    passwordLength: options.passwordLength ?? PASSWORD_LENGTH.default,
    concurrency: options.concurrency ?? CONCURRENCY.default,
    rate: options.rate === undefined ? null : rateOf(options.rate),
    journal: notEmpty(options.journal, '--journal'),
    results: notEmpty(options.results, '--results'),
    maxErrors: options.maxErrors ?? null,
  };
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
