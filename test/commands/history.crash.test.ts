import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { environment, runProcess } from '../support/process.ts';
import { answer, createdClient, startServer } from '../support/server.ts';
import { canTrace, traceNode, UNDER_STRACE } from '../support/strace.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool } from '../support/tool.ts';

const launcher = builtTool();
const CREATE =
  'plesk client create --json --name n --login client1 --email a@example.com --generate-password';
const ORDER =
  'plesk order create --json --yes --plan p --client c --domain example.com --ftp-login f --generate-ftp-password --months 1 --payment balance';
const BOUGHT = answer(201, { success: true, order: { id: 'order-1', status: 'paid' } });

/** One run whose system calls are meddled with, and the same command and the history after it. */
async function runWith(command: string, injection: string) {
  await using folder = await temporaryFolder();
  await using server = await startServer(command === ORDER ? BOUGHT : createdClient);
  const log = folder.join('trace');
  const env = environment({
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('above', 'config'),
    XDG_CACHE_HOME: folder.join('cache'),
    // One thread for file calls, so that they can be counted.
    UV_THREADPOOL_SIZE: '1',
  });
  const args = [launcher, ...command.split(' ')];
  const names = ['', '/lock', '/history.ndjson', '/open'].map((name) => `above/config${name}`);
  const places = ['', 'above', ...names].flatMap((name) => ['-P', folder.join(name)]);
  // Node opens many files of its own.
  const paths = injection.startsWith('openat') ? places : [];
  const strace = ['-f', '-y', ...paths, '-o', log, '-e', `inject=${injection}`];
  const child = spawn('strace', [...strace, process.execPath, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = (await ended) as [number | null];
  const sent = server.requests.length;
  const run = (line: string) =>
    runProcess(process.execPath, [launcher, ...line.split(' ')], { env });
  const history = JSON.parse((await run('history --json')).stdout) as { number: number }[];
  const shown = await Promise.all(
    history.map(({ number }) => run(`history show ${number} --json`).then(({ stdout }) => stdout)),
  );
  const again = await run(command);
  return {
    ...{ exitCode, stdout, stderr, sent, history, again },
    hit: (await readFile(log, 'utf8').catch(() => '')).includes('(INJECTED)'),
    killed: stdout === '' && stderr === '',
    kept: shown.join('\n'),
    passwords: server.requests.map(({ json }) => {
      const { password, ftp_password: ftp } = json as Record<string, string>;
      return password ?? ftp ?? '';
    }),
  };
}

/** Whatever happened: no password is lost, and nothing is bought twice without a word. */
function expectNothingLost(command: string, ran: Awaited<ReturnType<typeof runWith>>) {
  const { stdout, stderr, sent, kept, passwords, again } = ran;
  expect(sent).toBeLessThanOrEqual(1);
  expect(stderr).not.toMatch(/a bug|Unexpected failure|\n +at /);
  // A file that a kill left may be of a request that went out.
  const mayBeRefused = command === ORDER && ran.exitCode === null;
  if (sent === 0)
    return expect(mayBeRefused ? [0, 8] : [0], again.stderr).toContain(again.exitCode);
  expect(stdout + kept).toContain(passwords[0]);
  if (command !== ORDER) return;
  // Its end is known, and the same may be bought again; or its end is for a person to say.
  const isKnown = stdout !== '' && !kept.includes('"state":"unknown"');
  expect(again.exitCode, again.stderr).toBe(isKnown ? 0 : 8);
  expect(passwords).toHaveLength(isKnown ? 2 : 1);
}

describe.skipIf(!canTrace)(UNDER_STRACE, () => {
  test('file and folders are on the disk before the request goes out', async () => {
    await using folder = await temporaryFolder();
    await using server = await startServer(createdClient);
    const { exitCode, calls } = await traceNode([launcher, ...CREATE.split(' ')], {
      log: folder.join('trace'),
      calls: '/^(fsync|mkdir.*|connect|openat|unlink.*)$',
      length: 4096,
      env: {
        OXHOST_API_KEY: 'test-key-0001',
        OXHOST_API_URL: server.url,
        OXHOST_CONFIG_DIR: folder.join('above', 'config'),
        XDG_CACHE_HOME: folder.join('cache'),
      },
    });
    expect(exitCode).toBe(0);
    const last = (name: string, part: string) =>
      calls.findLast((call) => call.name.startsWith(name) && call.text.includes(part));
    const first = (name: string, part: string) =>
      calls.find((call) => call.name.startsWith(name) && call.text.includes(part));
    const connect = first('connect', `htons(${new URL(server.url).port})`);
    const file = /open\/1-[0-9a-f]{16}\.json/.exec(calls.map((call) => call.text).join('\n'))?.[0];
    const places = ['', 'above', 'above/config', 'above/config/open', `above/config/${file}`];
    for (const place of places) {
      const name = `<${folder.join(place)}>`;
      expect(first('fsync', name)?.returned ?? Number.POSITIVE_INFINITY, name).toBeLessThan(
        connect?.began ?? 0,
      );
    }
    expect(last('unlink', file ?? '')?.began).toBeGreaterThan(
      last('fsync', 'history.ndjson')?.returned ?? Number.POSITIVE_INFINITY,
    );
  });

  test.each(
    [CREATE, ORDER].flatMap((command) =>
      ['fsync', 'openat', 'mkdir', 'unlink', 'fchmod'].map((call) => [
        command.slice(0, 19),
        call,
        command,
      ]),
    ),
  )('%s killed at each %s', async (_name, call, command) => {
    let kills = 0;
    for (let time = 1; time <= 30; time += 1) {
      const ran = await runWith(command, `${call}:signal=KILL:when=${time}`);
      expectNothingLost(command, ran);
      if (ran.exitCode === 0) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
  });

  test('a purchase whose file or folder cannot be synced is not sent', async () => {
    const sent: number[] = [];
    for (let time = 1; time <= 30; time += 1) {
      const ran = await runWith(ORDER, `fsync:error=EIO:when=${time}`);
      expectNothingLost(ORDER, ran);
      if (!ran.hit) break;
      if (ran.sent === 0) expect(ran.exitCode).toBe(1);
      if (ran.sent === 0) expect(JSON.parse(ran.stderr).error.message).toContain('EIO');
      sent.push(ran.sent);
    }
    expect(sent).toContain(0);
    expect(sent).toContain(1);
    expect(sent.slice(0, sent.indexOf(1))).not.toContain(1);
  });
});
