import { OxhostError } from '../errors.ts';
import {
  DEFAULT_ORIGIN,
  type Environment,
  parseOrigin,
  type Settings,
  variable,
} from '../settings.ts';
import type { Configuration } from './config.ts';
import type { Profile } from './config-file.ts';

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
  /** Runs a command and gives what it prints. @param name what messages call it. */
  runKeyCommand: (command: string, name: string) => Promise<string>;
  note: (code: string, message: string) => void;
}

/**
 * Finds the key by the precedence explicit `--profile`, `OXHOST_API_KEY`, `OXHOST_KEY_COMMAND`,
 * profile.
 * @throws OxhostError `no_api_key`, also when a stored key belongs to another origin; `usage` for
 *   a value that is no key.
 */
export async function resolveAccess(sources: AccessSources): Promise<Access> {
  const { settings, env, runKeyCommand } = sources;
  const given = keyVariable(env);
  if (given === undefined || settings.profileIsExplicit) {
    if (given !== undefined) {
      const message = `--profile ${settings.profile} was given, so ${given} is not used.`;
      sources.note('profile_beats_environment', message);
    }
    const found = await findProfile(sources);
    if (found === null) {
      throw new OxhostError('no_api_key', 'There is no API key.', { hint: KEY_HINT });
    }
    const { key = '', key_command: command, user = null } = found.profile;
    const common = { origin: ownOrigin(found, settings.apiUrl), profile: found.name, user };
    const whose = `The key${command === undefined ? '' : ' command'} of the profile "${found.name}"`;
    return command === undefined
      ? { key: checkKey(key, whose), source: 'profile', ...common }
      : { key: checkKey(await runKeyCommand(command, whose), whose), source: 'command', ...common };
  }
  const origin = settings.apiUrl ?? (await findProfile(sources))?.origin ?? DEFAULT_ORIGIN;
  const common = { origin, profile: null, user: null };
  const value = variable(env, given) ?? '';
  if (given === 'OXHOST_API_KEY') {
    return { key: checkKey(value, given), source: 'environment', ...common };
  }
  const printed = await runKeyCommand(value, given);
  return { key: checkKey(printed, `What ${given} prints`), source: 'command', ...common };
}

/**
 * Where a call would go, for those who only want to look: no key is needed, none is asked for.
 * @throws OxhostError `no_api_key` where the call itself would be refused for its address.
 */
export async function resolveOrigin(sources: AccessSources): Promise<string> {
  const { settings, env } = sources;
  if (settings.profileIsExplicit || keyVariable(env) === undefined) {
    const found = await findProfile(sources);
    if (found !== null) return ownOrigin(found, settings.apiUrl);
  }
  return settings.apiUrl ?? (await findProfile(sources))?.origin ?? DEFAULT_ORIGIN;
}

/** The variable that gives a key, the stronger one where both are set. */
export function keyVariable(env: Environment) {
  const names = ['OXHOST_API_KEY', 'OXHOST_KEY_COMMAND'] as const;
  return names.find((name) => variable(env, name) !== undefined);
}

interface Found {
  name: string;
  profile: Profile;
  origin: string;
}

/**
 * The profile that is named, else the current one, if there is one.
 * @throws OxhostError `no_api_key` for a name that there is not: a mistyped one must not end at the
 *   built-in address, where orders cost money.
 */
async function findProfile({ settings, configuration }: AccessSources): Promise<Found | null> {
  const { current, profiles } = await (await configuration()).read();
  const name = settings.profile ?? current;
  const profile = name === null ? undefined : ownProfile(profiles, name);
  if (name !== null && profile !== undefined) {
    return { name, profile, origin: originOf(name, profile) };
  }
  if (settings.profile !== null) throw noProfile(settings.profile);
  return null;
}

/** A stored key goes to its own address and to no other. */
function ownOrigin({ name, origin }: Found, apiUrl: string | null): string {
  if (apiUrl === null || apiUrl === origin) return origin;
  throw new OxhostError(
    'no_api_key',
    `The key of the profile "${name}" belongs to ${origin} and is not sent to ${apiUrl}.`,
    { hint: `Store a key for it: oxhost auth login --profile <name> --api-url ${apiUrl}` },
  );
}

/** A profile was named that there is not. */
export function noProfile(name: string): OxhostError {
  return new OxhostError('no_api_key', `There is no profile "${name}".`, {
    hint: `oxhost auth list shows those that there are; oxhost auth login --profile ${name} stores a key for it.`,
  });
}

/**
 * Files are edited by hand: an address in one is trusted no more than one on the command line.
 * @throws OxhostError `config_error`.
 */
export function originOf(name: string, profile: Profile): string {
  try {
    return parseOrigin(profile.origin, `The address of the profile "${name}"`);
  } catch (error) {
    throw error instanceof OxhostError ? new OxhostError('config_error', error.message) : error;
  }
}

export function ownProfile(profiles: Record<string, Profile>, name: string): Profile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}

/** Far longer than any key, and still a header that servers accept. */
const LONGEST_KEY = 4_096;

export const KEY_HINT =
  'Store a key with oxhost auth login, or set OXHOST_API_KEY. Keys are made on the keys page of your account.';

/** `<your-api-key>`, `YOUR_API_KEY`, `$OXHOST_API_KEY` as it stands in instructions. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{.*\}|\$[{a-z].*|your[-_ .]?(?:own|0xhost)?[-_ .]?(?:api)?[-_ .]?key.*|(?:x-)?api.?key|change.?me)$/i;

/** What no key is, and why; the first that fits counts. */
const FAULTS: readonly [RegExp, why: string][] = [
  [/^$/, 'it is empty'],
  [/[\r\n]/, 'it has a line break in it'],
  [PLACEHOLDER, 'it is a placeholder'],
  [/\s/, 'it has white space in it'],
  [/[^\x21-\x7e]/, 'it has characters that no key has'],
  [/["']/, 'it has quotation marks in it'],
  [/^(?:null|undefined|none|nil|false|true)$/i, 'it is a word for nothing'],
  [/\*{3}|^[x.]{3,}$/i, 'it is a mask'],
  [/^[a-z_]\w*=[^=]/i, 'it is NAME=value, where the value alone is wanted'],
  [new RegExp(`^.{${LONGEST_KEY + 1}}`), `it is longer than ${LONGEST_KEY} characters`],
];

/**
 * A key as a header can carry it; one newline at the end (of a file, of a command) is dropped.
 * @param name what messages call it.
 * @throws OxhostError `usage` that does not repeat the value.
 */
export function checkKey(value: string, name: string): string {
  const key = value.replace(/\r?\n$/, '');
  const fault = FAULTS.find(([pattern]) => pattern.test(key));
  if (fault === undefined) return key;
  throw new OxhostError('usage', `${name} is not a usable key: ${fault[1]}.`, { hint: KEY_HINT });
}

/** At most the last four characters, and only of a key long enough to spare them. */
export function maskKey(key: string): string {
  return key.length >= 24 ? `****${key.slice(-4)}` : '****';
}

/** What may be shown of a profile's key: a mask, or the command that prints it. */
export function shownKey({
  key = '',
  key_command: command,
}: Profile): Pick<Profile, 'key' | 'key_command'> {
  return command === undefined ? { key: maskKey(key) } : { key_command: command };
}
