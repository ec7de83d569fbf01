import { OxhostError } from '../errors.ts';
import { PASSWORD_LENGTH } from '../plesk/limits.ts';
import { wholeNumber } from '../settings.ts';
import { type MapOverride, parseMapOption } from './mapping/fields.ts';
import { INPUT_FORMATS, type InputFormat } from './reader/record.ts';

/** Requests at once. */
export const CONCURRENCY = { minimum: 1, default: 4, maximum: 64 } as const;

/** Rows that may fail before the run ends. */
export const MAX_ERRORS = { minimum: 1, default: null, maximum: 999_999_999 } as const;

/** Flags of `oxhost plesk client import`, as they were given. */
export interface ImportOptions {
  format?: string;
  map?: readonly string[];
  generatePasswords?: boolean;
  passwordLength?: string;
  concurrency?: string;
  rate?: string;
  journal?: string;
  results?: string;
  dryRun?: boolean;
  skipInvalid?: boolean;
  retryUnknown?: boolean;
  retryRejected?: boolean;
  maxErrors?: string;
  sameAccount?: boolean;
}

/** What the flags come to. */
export interface ImportSettings {
  /** A path, or `-` for standard input. */
  readonly operand: string;
  readonly format: InputFormat | undefined;
  readonly overrides: readonly MapOverride[];
  readonly generatePasswords: boolean;
  readonly passwordLength: number;
  /** Requests at once. */
  readonly concurrency: number;
  /** Requests a second, or null for no limit. */
  readonly rate: number | null;
  readonly journal: string | undefined;
  readonly results: string | undefined;
  readonly dryRun: boolean;
  readonly skipInvalid: boolean;
  readonly retryUnknown: boolean;
  readonly retryRejected: boolean;
  readonly maxErrors: number | null;
  /** Another key than the journal was used with is of the same account. */
  readonly sameAccount: boolean;
}

const HIGHEST_RATE = 10_000;

/** @throws OxhostError `usage` that names the option. Pure. */
export function resolveImport(operand: string, options: ImportOptions): ImportSettings {
  if (options.passwordLength !== undefined && options.generatePasswords !== true) {
    throw new OxhostError('usage', '--password-length needs --generate-passwords.');
  }
  return {
    operand,
    format: formatOf(options.format),
    overrides: (options.map ?? []).map(parseMapOption),
    generatePasswords: options.generatePasswords ?? false,
    passwordLength: wholeNumber(options.passwordLength, '--password-length', PASSWORD_LENGTH),
    concurrency: wholeNumber(options.concurrency, '--concurrency', CONCURRENCY),
    rate: options.rate === undefined ? null : rateOf(options.rate),
    journal: notEmpty(options.journal, '--journal'),
    results: notEmpty(options.results, '--results'),
    dryRun: options.dryRun ?? false,
    skipInvalid: options.skipInvalid ?? false,
    retryUnknown: options.retryUnknown ?? false,
    retryRejected: options.retryRejected ?? false,
    maxErrors: wholeNumber(options.maxErrors, '--max-errors', MAX_ERRORS),
    sameAccount: options.sameAccount ?? false,
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
