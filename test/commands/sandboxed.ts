import { onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type OxhostOptions, type OxhostResult, runOxhost } from '../support/run.ts';

/** Runs command lines against one sandbox, which keeps its state between them. */
export async function sandboxed() {
  let count = 0;
  const paths: string[] = [];
  const sandbox = await startSandbox({
    randomUUID: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    },
    random: () => 0.5,
    now: () => new Date('2026-01-02T03:04:05Z'),
    onRequest: ({ method, path }) => paths.push(`${method} ${path}`),
  });
  onTestFinished(() => sandbox.close());
  const env = { OXHOST_API_URL: sandbox.url, OXHOST_API_KEY: sandbox.apiKey };
  const run = (args: readonly string[], options: OxhostOptions = {}): Promise<OxhostResult> =>
    runOxhost(args, { ...options, env: { ...env, ...options.env } });
  /** The result of a command that has to succeed. */
  const result = async (...args: string[]): Promise<Record<string, string>> => {
    const { exitCode, stdout, stderr } = await run([...args, '--json']);
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: exit ${exitCode}: ${stderr}`);
    return JSON.parse(stdout);
  };
  return { env, paths, run, result };
}

export const CLIENT = [
  ...['plesk', 'client', 'create', '--name', 'Example Client', '--login', 'client1'],
  ...['--email', 'client1@example.com', '--generate-password'],
];

export const ORDER = [
  ...['plesk', 'order', 'create', '--plan', 'plan-1', '--domain', 'example.com'],
  ...['--ftp-login', 'client1', '--months', '1', '--payment', 'balance'],
];
