import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { environmentFaults } from '../settings.ts';
import { type Access, type AccessSources, resolveAccess, resolveOrigin } from '../store/access.ts';
import { type Store, viewConfiguration } from '../store/config.ts';
import { configFolder } from '../store/folders.ts';
import { VERSION } from '../version.ts';
import { addressFinding } from './address.ts';
import { attemptsFinding } from './attempts.ts';
import { authoritiesFindings } from './authorities.ts';
import { environmentFindings } from './environment.ts';
import { examineNetwork } from './examine-network.ts';
import { exitCodeOf, type Finding, failure, ok, toldOnce } from './finding.ts';
import { fileFinding, folderFinding, lookAt } from './folder.ts';
import { keyFinding } from './key.ts';
import { profileFinding } from './profile.ts';
import { versionFindings } from './versions.ts';

export interface Examination {
  findings: readonly Finding[];
  exitCode: number;
}

/** A value, or why there is none. */
type Found<Value> = { value: Value } | { fault: OxhostError };

/**
 * All checks in their order. Reads files and connects; changes nothing and sends no request.
 * @throws OxhostError `cancelled` alone.
 */
export async function examine(context: Context): Promise<Examination> {
  const { system } = context;
  const { env } = system;
  const folder = configFolder(system);
  const view = viewConfiguration(folder);
  const store = await find(() => view.read());
  const notes: string[] = [];
  const access = await findAccess(context, store, notes);
  const origin = await findOrigin(context, store, access);

  const findings = toldOnce([
    ...versionFindings(VERSION, system.nodeVersion),
    ...environmentFindings(env),
    ...(await authoritiesFindings(env, system.now())),
    folderFinding(await lookAt(folder, system.platform), 'fault' in store ? store.fault : null),
    fileFinding(
      await lookAt(view.file, system.platform),
      'fault' in store
        ? { refusal: store.fault }
        : { profiles: Object.keys(store.value.profiles).length },
    ),
    profileOf(context, store),
    keyOf(context, access, notes),
    addressOf(context, store, origin),
    ...('fault' in origin
      ? ['proxy', 'dns', 'connection', 'tls'].map((name) => failure(name, origin.fault))
      : await examineNetwork(context, new URL(origin.value))),
    await attemptsFinding(folder),
  ]);
  return { findings, exitCode: exitCodeOf(findings) };
}

/** Every command is refused for a bad name of a profile, unless a flag gives another. */
function profileFault({ system, settings }: Context): OxhostError | undefined {
  return settings.profile === null
    ? environmentFaults(system.env).get('OXHOST_PROFILE')
    : undefined;
}

/** The same for the address. */
function addressFault({ system, settings }: Context): OxhostError | undefined {
  return settings.apiUrl === null ? environmentFaults(system.env).get('OXHOST_API_URL') : undefined;
}

async function findAccess(
  context: Context,
  store: Found<Store>,
  notes: string[],
): Promise<Found<Access>> {
  if (context.settings.sandbox) return find(() => context.access());
  const fault = profileFault(context);
  if (fault !== undefined) return { fault };
  const { env } = context.system;
  context.redactor.add(env['OXHOST_API_KEY'] ?? '');
  const found = await find(() => resolveAccess(sourcesOf(context, store, notes)));
  if ('value' in found) context.redactor.add(found.value.key);
  return found;
}

async function findOrigin(
  context: Context,
  store: Found<Store>,
  access: Found<Access>,
): Promise<Found<string>> {
  const fault = context.settings.sandbox
    ? undefined
    : (profileFault(context) ?? addressFault(context));
  if (fault !== undefined) return { fault };
  if ('value' in access) return { value: access.value.origin };
  return find(() => resolveOrigin(sourcesOf(context, store, [])));
}

function sourcesOf(context: Context, store: Found<Store>, notes: string[]): AccessSources {
  const { settings, system, output, signal } = context;
  return {
    settings,
    env: system.env,
    configuration: async () => ({ read: async () => valueIn(store) }),
    async runKeyCommand(command) {
      output.note('key_command', 'OXHOST_KEY_COMMAND is run now; what it prints is not shown.');
      const { runKeyCommand } = await import('../store/key-command.ts');
      return runKeyCommand(command, system, { isJson: true }, signal);
    },
    note: (_code, message) => notes.push(message),
  };
}

const STORE_AGAIN = 'Store the key again with oxhost auth login, with its address in --api-url.';

function profileOf(context: Context, store: Found<Store>): Finding {
  const fault = context.settings.sandbox ? undefined : profileFault(context);
  if (fault !== undefined) return failure('profile', fault);
  return 'fault' in store
    ? failure('profile', store.fault)
    : profileFinding(store.value, context.settings);
}

function keyOf(context: Context, access: Found<Access>, notes: readonly string[]): Finding {
  if ('fault' in access) return failure('key', access.fault, STORE_AGAIN);
  return context.settings.sandbox
    ? ok('key', 'The one that the sandbox has.')
    : keyFinding(access.value, context.system.env, notes);
}

function addressOf(context: Context, store: Found<Store>, origin: Found<string>): Finding {
  if ('fault' in origin) return failure('address', origin.fault);
  const { settings, system } = context;
  if (settings.sandbox) return ok('address', `${origin.value}, the embedded sandbox.`);
  const { current, profiles } = 'value' in store ? store.value : { current: null, profiles: {} };
  return addressFinding({
    origin: origin.value,
    apiUrl: settings.apiUrl,
    profile: settings.profile ?? current,
    store: { current, profiles },
    env: system.env,
  });
}

async function find<Value>(look: () => Promise<Value>): Promise<Found<Value>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof OxhostError) || error.code === 'cancelled') throw error;
    return { fault: error };
  }
}

function valueIn<Value>(found: Found<Value>): Value {
  if ('fault' in found) throw found.fault;
  return found.value;
}
