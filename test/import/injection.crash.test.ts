import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { environment } from '../support/process.ts';
import { createdClient, startServer } from '../support/server.ts';
import { canTrace, UNDER_STRACE } from '../support/strace.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool } from '../support/tool.ts';
import { logins, readResults } from './files.ts';

const launcher = builtTool();

const ROWS = 6;
/** Set to 60 by `npm run test:crash`. */
const MOST = Number(process.env['OXHOST_TEST_INJECTIONS'] ?? 12);

/** What an injection makes of one run, and of the run after it without any. */
async function importWith(wrap: (paths: string[], log: string) => readonly string[]) {
  await using folder = await temporaryFolder();
  await using server = await startServer(createdClient);
  const file = folder.join('clients.csv');
  const lines = logins(ROWS).map((login) => `Example Client,${login},${login}@example.com`);
  await writeFile(file, ['name,login,email', ...lines, ''].join('\n'));
  const journal = `${file}.oxhost`;
  const names = [
    ...['journal.ndjson', 'journal.ndjson.new', 'lock'],
    ...['results.csv', 'results.csv.oxhost-tmp', 'unknown.csv'],
  ];
  const paths = [file, journal, ...names.map((name) => `${journal}/${name}`)];
  const log = folder.join('trace');
  const env = environment({
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('config'),
    // One thread for file calls, so that they can be counted.
    UV_THREADPOOL_SIZE: '1',
  });
  const run = async (before: readonly string[]) => {
    const args = ['plesk', 'client', 'import', file, '--generate-passwords', '--concurrency', '2'];
    const [command = '', ...rest] = [...before, process.execPath, launcher, ...args];
    const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    const [, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode] = (await ended) as [number | null];
    return { exitCode, stderr };
  };
  const injected = await run(wrap(paths, log));
  const hit = (await readFile(log, 'utf8').catch(() => '')).includes('(INJECTED)');
  const after = await run([]);
  const sent = server.requests.map(({ json }) => json as { login: string; password: string });
  const results = readResults(await readFile(`${journal}/results.csv`, 'utf8'));
  return { injected, after, hit, sent, results };
}

function expectNothingLost({
  injected,
  after,
  sent,
  results,
}: Awaited<ReturnType<typeof importWith>>) {
  const said = `${injected.stderr}\n---\n${after.stderr}`;
  expect(said).not.toMatch(/a bug|Unexpected failure|\n +at /);
  const sentLogins = sent.map(({ login }) => login);
  expect(new Set(sentLogins).size, said).toBe(sentLogins.length);
  expect([0, 8], said).toContain(after.exitCode);
  expect(
    results.map(({ login }) => login),
    said,
  ).toEqual(logins(ROWS));
  for (const { login, password } of sent) {
    const row = results.find((result) => result['login'] === login);
    expect(row?.['generated_password'], said).toBe(password);
    expect(['created', 'unknown'], said).toContain(row?.['status']);
  }
}

describe.skipIf(!canTrace)(UNDER_STRACE, () => {
  test.each([
    ['pwrite64', 'EIO'],
    ['write', 'ENOSPC'],
    ['fdatasync', 'EIO'],
    ['fsync', 'EIO'],
    ['rename', 'EIO'],
    ['openat', 'EMFILE'],
    ['mkdir', 'ENOSPC'],
  ])(
    '%s that fails with %s, at each of its times: nothing is sent twice, no password lost, and a sentence says it',
    async (call, code) => {
      let failed = false;
      for (let time = 1; time <= MOST; time += 1) {
        const outcome = await importWith((paths, log) => [
          ...['strace', '-f', '-qq', '-o', log, '-e', `trace=${call}`],
          ...paths.flatMap((path) => ['-P', path]),
          ...['-e', `inject=${call}:error=${code}:when=${time}`],
        ]);
        expectNothingLost(outcome);
        if (!outcome.hit) break;
        const { exitCode, stderr } = outcome.injected;
        // Whoever holds the lock is only named for people.
        if (exitCode !== 0) expect(stderr, `${call} ${time}`).toContain(`(${code})`);
        failed ||= exitCode !== 0;
      }
      expect(failed).toBe(true);
    },
  );
});

const canLimit = spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!canLimit)(
  'a write that is cut short by a limit on the size of files, wherever that is (not without prlimit)',
  async () => {
    for (let size = 150; size < 3500; size += 3500 / MOST) {
      const limit = [`--fsize=${Math.floor(size)}`];
      expectNothingLost(await importWith(() => ['prlimit', ...limit]));
    }
  },
);
