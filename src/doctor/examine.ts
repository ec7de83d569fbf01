import { stat } from 'node:fs/promises';
import { toError } from '../api/failure.ts';
import { rawOperation } from '../api/request.ts';
import type { Context } from '../context.ts';
import { OxhostError, toReport } from '../errors.ts';
import { DEFAULT_ORIGIN } from '../settings.ts';
import { maskKey } from '../store/access.ts';
import { openHistory } from '../store/history.ts';
import type { SignalName } from '../system.ts';
import { VERSION } from '../version.ts';

/** What one check came to. An error keeps commands from working, a warning may. */
export interface Finding {
  /** Stable name of the check. */
  name: string;
  status: 'ok' | 'warning' | 'error';
  /** One sentence: what was found. */
  message: string;
  /** What to do, or null. */
  hint: string | null;
}

export interface Examination {
  findings: readonly Finding[];
  /** What a command would end with for the first error, else 0. */
  exitCode: number;
}

/**
 * All checks in their order. One fault can stop several: it stands once, where it was met first.
 * @throws OxhostError `cancelled` alone.
 */
export async function examine(context: Context): Promise<Examination> {
  const findings: Finding[] = [];
  let exitCode = 0;
  for (const [name, look] of Object.entries(CHECKS)) {
    try {
      const { message, hint = null } = await look(context);
      findings.push({ name, status: hint === null ? 'ok' : 'warning', message, hint });
    } catch (thrown) {
      if (!(thrown instanceof OxhostError) || thrown.code === 'cancelled') throw thrown;
      const { message, hint, exit_code } = toReport(thrown);
      if (findings.some((finding) => finding.message === message)) continue;
      findings.push({ name, status: 'error', message, hint });
      if (exitCode === 0) exitCode = exit_code;
    }
  }
  const masked = (text: string) => context.redactor.apply(text);
  return {
    findings: findings.map(({ message, hint, ...rest }) => ({
      ...rest,
      message: masked(message),
      hint: hint === null ? null : masked(hint),
    })),
    exitCode,
  };
}

/** What was found; a hint makes it a warning. What is wrong is thrown, as a command would. */
interface Found {
  message: string;
  hint?: string;
}

/** The checks by their names, in the order in which they are made. */
export const CHECKS: Readonly<Record<string, (context: Context) => Promise<Found>>> = {
  version,
  settings,
  key,
  address,
  proxy,
  connection,
  attempts,
};

async function version({ system }: Context): Promise<Found> {
  return { message: `oxhost ${VERSION} on Node.js ${system.nodeVersion}.` };
}

async function settings({ configuration, system }: Context): Promise<Found> {
  const stored = await configuration();
  const { profiles } = await stored.read();
  const count = Object.keys(profiles).length;
  if (count === 0) return { message: `Nothing is stored yet in ${stored.file}.` };
  const owner = await stat(stored.file).catch(() => null);
  const isOwn = owner === null || system.userId() === null || owner.uid === system.userId();
  const whose = isOwn ? '' : ` It belongs to the user ${owner.uid}.`;
  const many = count === 1 ? '1 profile' : `${count} profiles`;
  return { message: `${stored.file} has ${many}.${whose}` };
}

const KEY_SOURCES: Readonly<Record<string, string>> = {
  environment: 'from OXHOST_API_KEY',
  command: 'from the command that prints it',
};

async function key(context: Context): Promise<Found> {
  if (context.settings.sandbox) return { message: 'The one that the sandbox has.' };
  const { key, source, profile } = await context.access();
  const where = KEY_SOURCES[source] ?? `from the profile "${profile}"`;
  return { message: `${maskKey(key)}, ${where}.` };
}

async function address(context: Context): Promise<Found> {
  const origin = await context.origin();
  const { apiUrl, sandbox } = context.settings;
  if (sandbox) return { message: `${origin}, the embedded sandbox.` };
  const where =
    apiUrl !== null
      ? 'from --api-url or OXHOST_API_URL'
      : origin === DEFAULT_ORIGIN
        ? 'the usual one'
        : 'from the profile';
  return { message: `${origin}, ${where}.` };
}

async function proxy(context: Context): Promise<Found> {
  const { proxy } = await context.client({ withoutKey: true });
  return { message: proxy === null ? 'None: calls go direct.' : `${proxy}, from the environment.` };
}

/** A request that asks for nothing: whatever the answer is, the server was reached. */
async function connection(context: Context): Promise<Found> {
  const { system, settings, signal, redactor } = context;
  const operation = rawOperation('HEAD');
  const client = await context.client({ withoutKey: true });
  const began = system.monotonic();
  const settled = await client.exchange(
    operation,
    { method: 'HEAD', url: new URL('/', client.origin), contentType: null, body: null },
    { signal, limits: { retries: 0, maxWaitSeconds: 0 } },
  );
  if (settled.reply === null) {
    throw toError(settled, {
      origin: client.origin,
      operation,
      signalName: signal.aborted ? (signal.reason as SignalName) : null,
      timeoutSeconds: settings.timeoutSeconds,
      mask: (text) => redactor.apply(text),
    });
  }
  const milliseconds = Math.round(system.monotonic() - began);
  const { status } = settled.reply;
  return { message: `${client.origin} answered after ${milliseconds} ms (HTTP ${status}).` };
}

async function attempts({ system }: Context): Promise<Found> {
  const { entries } = await openHistory(system).list();
  const open = entries.filter(({ state }) => state !== 'created').reverse();
  if (open.length === 0)
    return { message: 'None is open in oxhost history; imports keep theirs in unknown.csv.' };
  const named = open.map(({ number, login, domain, operation }) => {
    return `${number} (${login ?? domain ?? operation})`;
  });
  return {
    message: `Nobody knows whether these were done: ${named.join(', ')}.`,
    hint: 'Look in the panel, then say so with oxhost history settle.',
  };
}
