import type { ApiClient } from './api/client.ts';
import type { ClientUse, Context, GivenFlag } from './context.ts';
import { createRedactor } from './output/masking.ts';
import { Output } from './output/output.ts';
import { wantsColor, withoutColor } from './output/style.ts';
import type { Sandbox } from './sandbox/server.ts';
import type { Settings } from './settings.ts';
import { type Access, type AccessSources, resolveAccess, resolveOrigin } from './store/access.ts';
import { configFolder } from './store/folders.ts';
import type { System } from './system.ts';
import { USER_AGENT } from './version.ts';

/** One run of one command: its context, and what has to be closed after it. */
export interface Session {
  context: Context;
  /** Whether a call has begun: from then on an end that nobody foresaw leaves its outcome open. */
  readonly mayHaveSent: boolean;
  close(): Promise<void>;
}

/** Builds the context; everything costly in it is made on first use and once. */
export function openSession(
  system: System,
  settings: Settings,
  signal: AbortSignal,
  givenFlags: readonly GivenFlag[],
): Session {
  const redactor = createRedactor();
  const output = new Output({ system, settings, redactor });
  let sandbox: Sandbox | undefined;
  let client: ApiClient | undefined;
  let mayHaveSent = false;

  const configuration = once(async () => {
    const { openConfiguration } = await import('./store/config.ts');
    return openConfiguration(configFolder(system), system, output);
  });

  const sources: AccessSources = {
    settings,
    env: system.env,
    configuration,
    runKeyCommand: async (command, name) => {
      const { runKeyCommand } = await import('./store/key-command.ts');
      return runKeyCommand(command, name, system, output, signal);
    },
    note: (code, message) => output.note(code, message),
  };

  const access = once(async (): Promise<Access> => {
    if (settings.sandbox) {
      sandbox = await startEmbeddedSandbox(system);
      output.note(
        'sandbox',
        'This talks to an embedded sandbox, not to 0xHost; it is gone when the command ends.',
      );
      return {
        key: sandbox.apiKey,
        origin: sandbox.url,
        source: 'environment',
        profile: null,
        user: null,
      };
    }
    const found = await resolveAccess(sources);
    redactor.add(found.key);
    return found;
  });

  async function trace() {
    const { createTrace } = await import('./api/trace.ts');
    const mask = (text: string) => redactor.apply(text);
    return createTrace(
      (line) => output.debug(line),
      () => system.monotonic(),
      mask,
    );
  }

  const context: Context = {
    system,
    settings,
    givenFlags,
    output,
    redactor,
    signal,
    get mayAsk() {
      return settings.mayAsk && system.stdin.isTTY === true && system.stderr.isTTY === true;
    },
    configuration,
    access,
    origin: async () => (settings.sandbox ? (await access()).origin : resolveOrigin(sources)),
    prompter: once(async () => {
      const { createPrompter } = await import('./prompts.ts');
      const { stdin, stderr } = system;
      const colored = wantsColor(settings.color, system.env, stderr);
      return createPrompter({ stdin, stderr: colored ? stderr : withoutColor(stderr), signal });
    }),
    client: once(async (use: ClientUse = {}) => {
      const { key, origin } =
        use.withoutKey === true ? { key: null, origin: await context.origin() } : await access();
      const { createApiClient } = await import('./api/client.ts');
      const opened = await createApiClient({
        origin,
        key,
        userAgent: USER_AGENT,
        timeoutSeconds: settings.timeoutSeconds,
        limits: settings,
        concurrency: use.concurrency ?? 1,
        env: system.env,
        trace: settings.debug ? await trace() : null,
        clock: system,
      });
      client = {
        ...opened,
        call(...call) {
          mayHaveSent = true;
          return opened.call(...call);
        },
        exchange(...call) {
          mayHaveSent = true;
          return opened.exchange(...call);
        },
      };
      return client;
    }),
  };
  warnOfInsecureEnvironment(system, output);
  return {
    context,
    get mayHaveSent() {
      return mayHaveSent;
    },
    async close() {
      client?.close();
      await sandbox?.close();
    },
  };
}

async function startEmbeddedSandbox(system: System): Promise<Sandbox> {
  const { startSandbox } = await import('./sandbox/server.ts');
  return startSandbox({
    randomUUID: () => system.randomUUID(),
    random: () => system.random(),
    now: () => system.now(),
  });
}

function warnOfInsecureEnvironment(system: System, output: Output): void {
  if (system.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    output.warning(
      'tls_always_verified',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect here: certificates are always verified.',
    );
  }
}

function once<Given extends unknown[], Value>(
  make: (...given: Given) => Promise<Value>,
): (...given: Given) => Promise<Value> {
  let made: Promise<Value> | undefined;
  return (...given) => {
    made ??= make(...given);
    return made;
  };
}
