import { readdir, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { renderSample } from '../../src/samples/index.ts';
import { commandLineOf, startProcess } from '../support/process.ts';
import { hang, startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { createRequest, differences, KEY, RUNTIMES, request, run, VARIABLE } from './programs.ts';

const PASSWORD = 'password-that-nobody-may-see';
const ENV = { OXHOST_API_KEY: KEY, [VARIABLE]: PASSWORD };
const canLook = process.platform === 'linux' && RUNTIMES.curl.isThere;
const needs = 'skipped without /proc of Linux and the Debian packages bash curl';

/** Arguments of the curl that talks to the server, and of the shell around it, while it waits. */
async function visibleArguments(program: string, server: TestServer): Promise<string[]> {
  await using folder = await temporaryFolder();
  const file = folder.join('program.sh');
  await writeFile(file, program);
  await using shell = startProcess('bash', [file], { env: ENV });
  const deadline = Date.now() + 10_000;
  while (server.requests.length === 0) {
    if (Date.now() > deadline) throw new Error(`nothing arrived: ${shell.stderr}`);
    await delay(10);
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(pids.map((pid) => commandLineOf(pid).catch((): string[] => [])));
  const curls = lines.filter(
    ([name, ...rest]) => name === 'curl' && rest.join(' ').includes(`:${server.port}/`),
  );
  const shells = lines.filter((line) => line.includes(file));
  if (curls.length === 0 || shells.length === 0) throw new Error('no curl is waiting');
  await server.close();
  await shell.exited;
  return [...curls, ...shells].flat();
}

describe.skipIf(!canLook)(`curl's arguments (${needs})`, () => {
  test.each(['json', 'form'] as const)('show neither key nor password: %s', async (encoding) => {
    await using server = await startServer(hang);
    const sample = { ...createRequest(server.url), encoding };
    const visible = (await visibleArguments(renderSample('curl', sample), server)).join('\n');
    expect(visible).toContain('--max-time');
    expect(visible).not.toContain(KEY);
    expect(visible).not.toContain(PASSWORD);
    expect(visible).not.toContain('johndoe');
  });

  test('would be seen if they did', async () => {
    await using server = await startServer(hang);
    const naive = `curl -s -H "x-api-key: $OXHOST_API_KEY" -d "p=$${VARIABLE}" ${server.url}/x\n`;
    const visible = (await visibleArguments(naive, server)).join('\n');
    expect(visible).toContain(KEY);
    expect(visible).toContain(PASSWORD);
  });
});

describe.skipIf(!RUNTIMES.curl.isThere)(`bash (skipped without the packages bash curl)`, () => {
  test('a path is no pattern for curl', async () => {
    await using server = await startServer();
    const sample = request(server.url, { url: `${server.url}/API/[1-3]/x` });
    await run('curl', renderSample('curl', sample));
    expect(differences(server.requests, sample)).toEqual([]);
  });

  /** What the documented samples and most people write; the comparison has to notice it. */
  const naive = (url: string, name: string) => `curl -s "${url}" \\
  -H "x-api-key: $OXHOST_API_KEY" -H "accept: application/json" -H "content-type: application/json" \\
  -d "{\\"name\\":\\"${name}\\",\\"password\\":\\"$${VARIABLE}\\"}"
`;

  test.each([
    ['a plain value', 'John Doe', PASSWORD, true],
    ['a dollar', 'a $HOME b', PASSWORD, false],
    ['a backtick', 'a `echo b` c', PASSWORD, false],
    ['a backslash', 'a\\\\b', PASSWORD, false],
    ['a quote in the password', 'John Doe', 'a"b', false],
    ['a line end in the password', 'John Doe', 'a\nb', false],
  ])('a naive program is told from a right one: %s', async (_title, name, password, isRight) => {
    await using server = await startServer();
    const sample = request(server.url, {
      values: { name },
      fromEnvironment: { password: VARIABLE },
    });
    const env = { [VARIABLE]: password };
    await run('curl', naive(sample.url, name), env);
    expect(differences(server.requests, sample, env).length === 0).toBe(isRight);
    server.requests.length = 0;
    await run('curl', renderSample('curl', sample), env);
    expect(differences(server.requests, sample, env)).toEqual([]);
  });
});
