import { OxhostError } from './errors.ts';

/** Flags that every command takes; what is absent was not given. */
export interface GlobalFlags {
  json?: boolean;
  fields?: string;
  get?: string;
  quiet?: boolean;
  debug?: boolean;
  color?: (typeof COLORS)[number];
  noColor?: boolean;
  noInput?: boolean;
  yes?: boolean;
  profile?: string;
  apiUrl?: string;
  sandbox?: boolean;
  timeout?: number;
  maxWait?: number;
  retries?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What flags, environment and built-in values come to. */
export interface Settings {
  json: boolean;
  /** Names asked for by `--fields`, or null for all. */
  fields: readonly string[] | null;
  /** The one value asked for by `--get`, such as `subscription.id`, or null. */
  get: string | null;
  quiet: boolean;
  debug: boolean;
  color: (typeof COLORS)[number];
  /** False when `--no-input`, `--json`, CI or the environment forbids questions. */
  mayAsk: boolean;
  yes: boolean;
  /** The profile named by flag or environment, or null for the current one. */
  profile: string | null;
  profileIsExplicit: boolean;
  /** Origin named by flag or environment, or null. */
  apiUrl: string | null;
  sandbox: boolean;
  timeoutSeconds: number;
  maxWaitSeconds: number;
  retries: number;
}

/** Bounds of the number that an option takes, and what counts without the option. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number | null;
  /** A number may have three decimals; a whole one when left out. */
  readonly isFraction?: true;
}

/** Seconds for one answer. */
export const TIMEOUT = { minimum: 0.001, maximum: 86_400, default: 150, isFraction: true } as const;
/** Seconds of all waits that the server asks for. */
export const MAX_WAIT = { minimum: 0, maximum: 86_400, default: 60 } as const;
export const RETRIES = { minimum: 0, maximum: 100, default: 2 } as const;

/** When to use colour. */
export const COLORS = ['auto', 'always', 'never'] as const;

export const DEFAULT_ORIGIN = 'https://0xhost.com';

/**
 * Applies the precedence flag, environment, built-in. The profile's part is in `access.ts`.
 * @throws OxhostError `usage` that names the option or variable.
 */
export function resolveSettings(flags: GlobalFlags, env: Environment): Settings {
  const json = flags.json ?? outputIsJson(env);
  if (flags.fields !== undefined && !json) {
    throw new OxhostError('usage', '--fields needs --json.');
  }
  if (flags.get !== undefined && (flags.fields !== undefined || flags.get.trim() === '')) {
    throw new OxhostError('usage', '--get takes one field, such as id, and no --fields with it.');
  }
  const apiUrl = flags.apiUrl ?? variable(env, 'OXHOST_API_URL');
  const apiUrlName = flags.apiUrl === undefined ? 'OXHOST_API_URL' : '--api-url';
  const profile = flags.profile ?? variable(env, 'OXHOST_PROFILE');
  const profileName = flags.profile === undefined ? 'OXHOST_PROFILE' : '--profile';
  return {
    json,
    fields: flags.fields === undefined ? null : parseFields(flags.fields),
    get: flags.get ?? null,
    quiet: flags.quiet ?? false,
    debug: flags.debug ?? isOn(env, 'OXHOST_DEBUG'),
    color: flags.noColor === true ? 'never' : (flags.color ?? 'auto'),
    mayAsk: !json && flags.noInput !== true && !isOn(env, 'OXHOST_NO_INPUT') && !isOn(env, 'CI'),
    yes: flags.yes ?? false,
    profile: profile === undefined ? null : checkProfileName(profile, profileName),
    profileIsExplicit: flags.profile !== undefined,
    apiUrl: apiUrl === undefined ? null : parseOrigin(apiUrl, apiUrlName),
    sandbox: flags.sandbox ?? false,
    timeoutSeconds: flags.timeout ?? timeoutFrom(env),
    maxWaitSeconds: flags.maxWait ?? MAX_WAIT.default,
    retries: flags.retries ?? RETRIES.default,
  };
}

/** An environment variable's value; empty counts as unset. */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** A switch in the environment: set, and neither `0` nor `false`. */
export function isOn(env: Environment, name: string): boolean {
  const value = variable(env, name);
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
}

/** Whether `OXHOST_OUTPUT` asks for JSON. */
function outputIsJson(env: Environment): boolean {
  const value = variable(env, 'OXHOST_OUTPUT');
  if (value === undefined || value === 'text') return false;
  if (value === 'json') return true;
  throw new OxhostError('usage', 'OXHOST_OUTPUT must be text or json.');
}

/**
 * Reduces an address to its origin, in punycode and without a trailing slash.
 * @throws OxhostError `usage` for anything but https, or http on a loopback address.
 */
export function parseOrigin(value: string, name: string): string {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new OxhostError('usage', `${name} must be an address such as ${DEFAULT_ORIGIN}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OxhostError('usage', `${name} must not contain a user name or password.`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OxhostError('usage', `${name} must begin with https://.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new OxhostError(
      'usage',
      `${name} must begin with https://; http:// is for this machine (127.0.0.1, localhost) only.`,
    );
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new OxhostError(
      'usage',
      `${name} must be an origin without a path, such as ${url.origin}.`,
    );
  }
  return url.origin;
}

/**
 * RFC 1122 127/8, RFC 4291 ::1 and the name localhost. A name below localhost is looked up elsewhere
 * by some systems.
 */
export function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost';
}

export function isProfileName(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

/** @throws OxhostError `usage` for a name that would read badly in messages or files. */
export function checkProfileName(value: string, name: string): string {
  if (isProfileName(value)) return value;
  throw new OxhostError(
    'usage',
    `${name} must be 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit.`,
  );
}

/** @throws OxhostError `usage` when it is no number of the range. */
export function numberFrom(value: string, name: string, range: NumberRange): number {
  const { minimum, maximum, isFraction = false } = range;
  const form = isFraction ? /^\d{1,6}(?:\.\d{1,3})?$/ : /^\d{1,9}$/;
  const number = form.test(value) ? Number(value) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  const what = isFraction
    ? `a number of seconds above 0, up to ${maximum}`
    : `a whole number from ${minimum} to ${maximum}`;
  throw new OxhostError('usage', `${name} must be ${what}.`);
}

function timeoutFrom(env: Environment): number {
  const value = variable(env, 'OXHOST_TIMEOUT');
  return value === undefined ? TIMEOUT.default : numberFrom(value, 'OXHOST_TIMEOUT', TIMEOUT);
}

function parseFields(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) {
    throw new OxhostError('usage', '--fields must be names with commas between, such as id,login.');
  }
  return names;
}
