import { writeFile } from 'node:fs/promises';
import type { Language, SampleRequest } from '../../src/samples/index.ts';
import { type Environment, type ProcessResult, runProcess } from '../support/process.ts';
import type { ReceivedRequest } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

export const KEY = 'key-that-nobody-may-see_0123456789';

export const VARIABLE = 'OXHOST_CLIENT_PASSWORD';

export function request(origin: string, rest: Partial<SampleRequest> = {}): SampleRequest {
  return {
    method: 'POST',
    url: `${origin}/API/plesk/clients/create`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    encoding: 'json',
    values: {},
    fromEnvironment: {},
    keyVariable: 'OXHOST_API_KEY',
    ...rest,
  };
}

/** The documented call. */
export function createRequest(origin: string): SampleRequest {
  return request(origin, {
    values: { name: 'John Doe', login: 'johndoe', password: undefined, company: 'ACME Corp' },
    fromEnvironment: { password: VARIABLE },
  });
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
    debianPackages: 'bash curl',
    isThere: await succeeds('bash', ['-c', 'curl --version']),
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

/** What must arrive: computed here from the request, without the code under test. */
export function expectedData(request: SampleRequest, env: Environment = {}): string {
  const secrets = Object.entries(request.fromEnvironment);
  const values = {
    ...request.values,
    ...Object.fromEntries(secrets.map(([name, variable]) => [name, env[variable]])),
  };
  if (request.encoding === 'json') return JSON.stringify(values);
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    pairs.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Every way in which what arrived is not the one request that was meant. */
export function differences(
  received: readonly ReceivedRequest[],
  request: SampleRequest,
  env: Environment = {},
): string[] {
  const [arrived] = received;
  if (arrived === undefined || received.length > 1) return [`${received.length} requests arrived`];
  const data = expectedData(request, env);
  const isQuery = request.encoding === 'query';
  const body = isQuery ? '' : data;
  const found: string[] = [];
  const compare = (what: string, actual: unknown, wanted: unknown) => {
    if (actual !== wanted) {
      found.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
    }
  };
  compare('method', arrived.method, request.method);
  const { pathname } = new URL(request.url);
  compare('path', arrived.path, isQuery && data !== '' ? `${pathname}?${data}` : pathname);
  compare('body', arrived.body, body);
  if (!isQuery) {
    // The recorded body is decoded text: with its length it stands for the very bytes.
    compare('length', arrived.headers['content-length'], String(Buffer.byteLength(body)));
  }
  compare('x-api-key', arrived.headers['x-api-key'], KEY);
  for (const [name, value] of Object.entries(request.headers)) {
    compare(name, arrived.headers[name], value);
  }
  return found;
}
