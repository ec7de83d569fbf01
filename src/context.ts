import type { ApiClient } from './api/client.ts';
import { createRedactor, type Redactor } from './output/masking.ts';
import { Output } from './output/output.ts';
import { wantsColor, withoutColor } from './output/style.ts';
import type { Prompter } from './prompts.ts';
import type { Sandbox } from './sandbox/server.ts';
import type { Settings } from './settings.ts';
import { type Access, type AccessSources, resolveAccess, resolveOrigin } from './store/access.ts';
import type { Configuration } from './store/config.ts';
import { configFolder } from './store/private-files.ts';
import type { System } from './system.ts';
import { USER_AGENT } from './version.ts';

/** A flag of the command line, as it was given. */
export interface GivenFlag {
  /** With its dashes. */
  readonly name: string;
  /** Null for a switch. */
  readonly value: string | null;
}

/** How a command uses the API. */
export interface ClientUse {
  /** Requests at once; 1 where it is left out. */
  concurrency?: number;
  /** For a request that only asks whether the server is there: no key is looked for or sent. */
  withoutKey?: boolean;
}

/** What a command gets: costly parts are functions, loaded on first use. */
export interface Context {
  system: System;
  settings: Settings;
  /** Of the command and of all above it; one that may be repeated stands there as often. */
  givenFlags: readonly GivenFlag[];
  output: Output;
  redactor: Redactor;
  /** Aborts on the first SIGINT or SIGTERM; its reason is the signal's name. */
  signal: AbortSignal;
  /** Whether a person is there to answer: stdin and stderr are terminals and nothing forbids it. */
  mayAsk: boolean;
  prompter(): Promise<Prompter>;
  configuration(): Promise<Configuration>;
  /** Where calls go; needs no key. */
  origin(): Promise<string>;
  /** The key and where it goes. @throws OxhostError `no_api_key` when there is none. */
  access(): Promise<Access>;
  /** Made on first use, with that use's options. */
  client(options?: ClientUse): Promise<ApiClient>;
}

/** The context of one run of one command, and what has to be closed after it. */
export interface OpenContext {
  context: Context;
  /** Whether a call has begun: from then on an end that nobody foresaw leaves its outcome open. */
  readonly mayHaveSent: boolean;
  close(): Promise<void>;
}

/** Builds the context; everything costly in it is made on first use and once. */
export function openContext(
  system: System,
  settings: Settings,
  signal: AbortSignal,
  givenFlags: readonly GivenFlag[],
): OpenContext {
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
      const { startSandbox } = await import('./sandbox/server.ts');
      sandbox = await startSandbox(system);
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
    return createTrace(
      (line) => output.debug(line),
      () => system.monotonic(),
      redactor.apply,
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
  if (system.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    output.warning(
      'tls_always_verified',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect here: certificates are always verified.',
    );
  }
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

function once<Given extends unknown[], Value>(
  make: (...given: Given) => Promise<Value>,
): (...given: Given) => Promise<Value> {
  let made: Promise<Value> | undefined;
  return (...given) => {
    made ??= make(...given);
    return made;
  };
}
