import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { type Fault, faultHelp, parseFault } from '../sandbox/faults.ts';
import {
  type CommandHelp,
  type DescribedCommand,
  ListOption,
  NumberOption,
  type Start,
} from './options.ts';

/** Flags of `oxhost sandbox`, as they were given. */
export interface SandboxOptions {
  port?: number;
  latency?: number;
  fail?: string[];
}

const PORT = { minimum: 0, maximum: 65_535, default: 0 } as const;
const LATENCY = { minimum: 0, maximum: 3_600_000, default: 0 } as const;

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command
    .addOption(new NumberOption('--port <n>', 'the port to listen on; 0 takes any free one', PORT))
    .addOption(new NumberOption('--latency <milliseconds>', 'wait before each answer', LATENCY))
    .addOption(new ListOption('--fail <rule>', 'misbehave by this rule'));
  start(command, run);
}

export async function run(context: Context, options: SandboxOptions): Promise<number> {
  const { system, output, signal } = context;
  const { startSandbox } = await import('../sandbox/server.ts');
  const port = options.port ?? PORT.default;
  const sandbox = await startSandbox({
    port,
    latencyMilliseconds: options.latency ?? LATENCY.default,
    faults: (options.fail ?? []).map(readFault),
    randomUUID: () => system.randomUUID(),
    random: () => system.random(),
    now: () => system.now(),
    onRequest({ method, path }, status) {
      const now = system.now();
      const text = `${now.toTimeString().slice(0, 8)}  ${status ?? 'reset'}  ${method} ${path}`;
      output.log('request', { time: now.toISOString(), method, path, status }, text);
    },
  }).catch((error: NodeJS.ErrnoException) => {
    const why = PORT_FAULTS[error.code ?? ''];
    if (why !== undefined) throw new OxhostError('usage', `--port: ${port} ${why}.`);
    throw new OxhostError('internal', `The sandbox could not start: ${error.message}.`);
  });
  try {
    await output.write(
      output.isJson
        ? `${JSON.stringify({ url: sandbox.url, api_key: sandbox.apiKey })}\n`
        : `export OXHOST_API_URL=${sandbox.url}\nexport OXHOST_API_KEY=${sandbox.apiKey}\n`,
    );
    output.note(
      'sandbox',
      'Ctrl-C ends it. Its successes follow the API reference; its refusals are a guess.',
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
    return signal.reason === 'SIGTERM' ? 143 : 130;
  } finally {
    await sandbox.close();
  }
}

const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use already',
  EACCES: 'may be used by the administrator of this machine only',
};

function readFault(rule: string): Fault {
  try {
    return parseFault(rule);
  } catch (error) {
    throw new OxhostError('usage', `--fail: ${(error as Error).message}`);
  }
}

const ABOUT: CommandHelp = {
  notes: `Listens on 127.0.0.1 only, keeps everything in memory, and runs until Ctrl-C.

Rules for --fail:
${faultHelp.map(({ rule, meaning }) => `  ${rule.padEnd(22)}${meaning}`).join('\n')}`,
  output: '{"url", "api_key"}, and on stderr a line for each request',
  exitCodes: { 1: 'it could not start', 2: 'usage' },
  examples: [
    'oxhost sandbox > sandbox.env & sleep 1; . ./sandbox.env',
    'oxhost sandbox --json --port 8080 --latency 100 --fail reset-after@10%',
  ],
  reach: ['json'],
};
