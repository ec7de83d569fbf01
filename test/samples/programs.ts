import { writeFile } from 'node:fs/promises';
import type { Language, SampleRequest } from '../../src/samples/index.ts';
import { type Environment, type ProcessResult, runProcess } from '../support/process.ts';
import type { ReceivedRequest } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

export const KEY = 'key-that-nobody-may-see_0123456789';
export const VARIABLE = 'OXHOST_CLIENT_PASSWORD';

/** The documented call, or another. */
export function request(origin: string, rest: Partial<SampleRequest> = {}): SampleRequest {
  return {
    method: 'POST',
    url: `${origin}/API/plesk/clients/create`,
    encoding: 'json',
    values: { name: 'John Doe', login: 'johndoe', password: '', company: 'ACME Corp' },
    fromEnvironment: { password: VARIABLE },
    ...rest,
  };
}

interface Runtime {
  command: string;
  fromStdin: readonly string[];
  ending: string;
  debianPackages: string;
  isThere: boolean;
}

/** A Python that is first in the path need not be the one that has requests. */
async function findPython(): Promise<string | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    if (await succeeds(python, ['-c', 'import requests'])) return python;
  }
  return undefined;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runProcess(command, args)).exitCode === 0;
  } catch {
    return false;
  }
}

const python = await findPython();

export const RUNTIMES: Readonly<Record<Language, Runtime>> = {
  curl: {
    command: 'bash',
    fromStdin: [],
    ending: 'sh',
    debianPackages: 'bash curl jq',
    isThere: await succeeds('bash', ['-c', 'curl --version && jq --version']),
  },
  javascript: {
    command: process.execPath,
    fromStdin: ['-'],
    ending: 'mjs',
    debianPackages: 'nodejs',
    isThere: true,
  },
  python: {
    command: python ?? 'python3',
    fromStdin: ['-'],
    ending: 'py',
    debianPackages: 'python3 python3-requests',
    isThere: python !== undefined,
  },
  php: {
    command: 'php',
    fromStdin: [],
    ending: 'php',
    debianPackages: 'php-cli php-curl',
    isThere: await succeeds('php', ['-r', 'exit(extension_loaded("curl") ? 0 : 1);']),
  },
};

/** Runs a printed program from a file, with the key in its environment. */
export async function run(
  language: Language,
  program: string,
  env: Environment = {},
): Promise<ProcessResult> {
  const { command, ending } = RUNTIMES[language];
  await using folder = await temporaryFolder();
  const file = folder.join(`program.${ending}`);
  await writeFile(file, program);
  return await runProcess(command, [file], { env: { OXHOST_API_KEY: KEY, ...env } });
}

/** What arrived, whatever marks its encoder leaves alone. */
export function meaningOf({ method, path, body, headers }: ReceivedRequest) {
  const [pathname, query = ''] = path.split('?');
  const type = headers['content-type'];
  const values =
    type === 'application/json'
      ? JSON.parse(body)
      : Object.fromEntries(new URLSearchParams(method === 'GET' ? query : body));
  const { accept, 'x-api-key': key } = headers;
  return { method, pathname, type, accept, key, values };
}
