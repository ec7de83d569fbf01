import { OxhostError } from '../errors.ts';
import {
  DEFAULT_ORIGIN,
  type Environment,
  parseOrigin,
  type Settings,
  variable,
} from '../settings.ts';
import type { Configuration, Profile } from './config.ts';

/** A key, where it comes from, and the one origin that it is sent to. */
export interface Access {
  key: string;
  origin: string;
  source: 'environment' | 'command' | 'profile';
  /** Name of the profile whose key it is, or null. */
  profile: string | null;
  /** User id kept in the profile, or null. */
  user: string | null;
}

export interface AccessSources {
  settings: Pick<Settings, 'apiUrl' | 'profile' | 'profileIsExplicit'>;
  env: Environment;
  configuration: () => Promise<Pick<Configuration, 'read'>>;
  /** Runs `OXHOST_KEY_COMMAND` and gives what it prints. */
  runKeyCommand: (command: string) => Promise<string>;
  note: (code: string, message: string) => void;
}

/** Far longer than any key, and still a header that servers accept. */
const LONGEST_KEY = 4_096;

export const KEY_HINT =
  'Store a key with oxhost auth login, or set OXHOST_API_KEY. Keys are made on the keys page of your account.';

/**
 * Finds the key by the precedence explicit `--profile`, `OXHOST_API_KEY`, `OXHOST_KEY_COMMAND`,
 * profile.
 * @throws OxhostError `no_api_key`, also when a stored key belongs to another origin.
 */
export async function resolveAccess(sources: AccessSources): Promise<Access> {
  const { settings, env } = sources;
  const fromEnvironment = variable(env, 'OXHOST_API_KEY');
  const command = variable(env, 'OXHOST_KEY_COMMAND');
  if (settings.profileIsExplicit) {
    if (fromEnvironment !== undefined || command !== undefined) {
      const name = fromEnvironment === undefined ? 'OXHOST_KEY_COMMAND' : 'OXHOST_API_KEY';
      sources.note(
        'profile_beats_environment',
        `--profile ${settings.profile} was given, so ${name} is not used.`,
      );
    }
    return fromProfile(sources);
  }
  if (fromEnvironment === undefined && command === undefined) return fromProfile(sources);

  const origin = settings.apiUrl ?? (await profileOrigin(sources)) ?? DEFAULT_ORIGIN;
  if (fromEnvironment !== undefined) {
    const key = checkKey(fromEnvironment, 'OXHOST_API_KEY');
    return { key, origin, source: 'environment', profile: null, user: null };
  }
  const printed = await sources.runKeyCommand(command as string);
  const key = checkKey(printed, 'What OXHOST_KEY_COMMAND prints');
  return { key, origin, source: 'command', profile: null, user: null };
}

/**
 * Where a call would go, for those who only want to look: no key is needed, none is asked for.
 * @throws OxhostError `no_api_key` where the call itself would be refused for its address.
 */
export async function resolveOrigin(sources: AccessSources): Promise<string> {
  const { settings, env } = sources;
  const hasOwnKey =
    variable(env, 'OXHOST_API_KEY') !== undefined ||
    variable(env, 'OXHOST_KEY_COMMAND') !== undefined;
  if (settings.profileIsExplicit || !hasOwnKey) {
    const store = await (await sources.configuration()).read();
    if (settings.profile !== null || store.current !== null) {
      return (await fromProfile({ ...sources })).origin;
    }
  }
  return settings.apiUrl ?? (await profileOrigin(sources)) ?? DEFAULT_ORIGIN;
}

/**
 * A key as a header can carry it; one newline at the end (of a file, of a command) is dropped.
 * @throws OxhostError `no_api_key` that does not repeat the value.
 */
export function checkKey(value: string, name: string): string {
  const key = value.replace(/\r?\n$/, '');
  const fault =
    key === ''
      ? 'it is empty'
      : /[\r\n]/.test(key)
        ? 'it has a line break in it'
        : /\s/.test(key)
          ? 'it has white space in it'
          : /[^\x21-\x7e]/.test(key)
            ? 'it has characters that no key has'
            : /["']/.test(key)
              ? 'it has quotation marks in it'
              : key.length > LONGEST_KEY
                ? `it is longer than ${LONGEST_KEY} characters`
                : null;
  if (fault === null) return key;
  throw new OxhostError('no_api_key', `${name} is not a usable key: ${fault}.`, { hint: KEY_HINT });
}

/** At most the last four characters, and only of a key long enough to spare them. */
export function maskKey(key: string): string {
  return key.length >= 24 ? `****${key.slice(-4)}` : '****';
}

async function fromProfile({ settings, configuration }: AccessSources): Promise<Access> {
  const store = await (await configuration()).read();
  const name = settings.profile ?? store.current;
  const profile = name === null ? undefined : ownProfile(store.profiles, name);
  if (name === null || profile === undefined) {
    if (settings.profile !== null) throw noProfile(settings.profile);
    throw new OxhostError('no_api_key', 'There is no API key.', { hint: KEY_HINT });
  }
  const origin = originOf(name, profile);
  if (settings.apiUrl !== null && settings.apiUrl !== origin) {
    throw new OxhostError(
      'no_api_key',
      `The key of the profile "${name}" belongs to ${origin} and is not sent to ${settings.apiUrl}.`,
      {
        hint: `Store a key for it: oxhost auth login --profile <name> --api-url ${settings.apiUrl}`,
      },
    );
  }
  return {
    key: checkKey(profile.key, `The key of the profile "${name}"`),
    origin,
    source: 'profile',
    profile: name,
    user: profile.user ?? null,
  };
}

/** A profile was named that there is not. */
export function noProfile(name: string): OxhostError {
  return new OxhostError('no_api_key', `There is no profile "${name}".`, { hint: KEY_HINT });
}

async function profileOrigin({ settings, configuration }: AccessSources): Promise<string | null> {
  const store = await (await configuration()).read();
  const name = settings.profile ?? store.current;
  if (name === null) return null;
  const profile = ownProfile(store.profiles, name);
  if (profile !== undefined) return originOf(name, profile);
  // A mistyped name must not end at the built-in address, where orders cost money.
  if (settings.profile !== null) throw noProfile(name);
  return null;
}

/** Files are edited by hand: an address in one is trusted no more than one on the command line. */
function originOf(name: string, profile: Profile): string {
  try {
    return parseOrigin(profile.origin, `The address of the profile "${name}"`);
  } catch (error) {
    throw error instanceof OxhostError ? new OxhostError('config_error', error.message) : error;
  }
}

function ownProfile<Value>(profiles: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}
