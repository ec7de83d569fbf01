import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { startServer } from '../support/server.ts';
import { canMountSmallDisk, mountSmallDisk } from '../support/small-disk.ts';
import { byLogin, csvOf, gated, importing, logins, refused, rowsOf, summaryOf } from './files.ts';

const folder = folderForEachTest();

describe('Ctrl-C', () => {
  test('waits for the answers that are under way, then says how to go on', async () => {
    const gate = gated();
    await using server = await startServer(gate.handler);
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(30)));
    const running = await list.start(['--concurrency', '1']);
    await gate.arrived;
    running.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(running.stderr.text).toContain(
      'Stopping: waiting for 1 answer; press Ctrl-C again to leave now.',
    );
    gate.open();
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 130, released: true });
    expect(result.stderr).toContain('Run the same command again to continue.');
    expect(server.requests).toHaveLength(1);
    const results = (await list.results()).split('\n');
    expect(results.filter((line) => /,created,/.test(line))).toHaveLength(1);
    expect(results.filter((line) => /,not_sent,/.test(line))).toHaveLength(29);
    const again = await list.run(['--json']);
    expect(again.exitCode).toBe(0);
    expect(summaryOf(again)).toMatchObject({ created: 29, already_created: 1 });
    expect(server.requests).toHaveLength(30);
  });

  test('a second one leaves at once; what was under way is unknown then', async () => {
    const gate = gated();
    await using server = await startServer(gate.handler);
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    const running = await list.start(['--concurrency', '1', '--json']);
    await gate.arrived;
    running.signal('SIGTERM');
    running.signal('SIGTERM');
    const result = await running.finished;
    expect(result.exitCode).toBe(143);
    expect(result.error).toMatchObject({ code: 'cancelled', outcome: 'unknown' });
    const dry = await list.run(['--dry-run', '--json']);
    expect(rowsOf(dry)[0]).toMatchObject({ login: 'client1', plan: 'skip' });
    gate.open();
    // In a process of its own it would be gone by now.
    await expect.poll(() => list.results().catch(() => '')).toContain('client1');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

test('a reader of stdout that goes away ends the run without a word too many', async () => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(200)));
  let lines = 0;
  const stdout = new Writable({
    write(_chunk, _encoding, callback) {
      lines += 1;
      callback(lines > 3 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
    },
  });
  stdout.on('error', () => {});
  const result = await list.run(['--json', '--concurrency', '2'], { system: { stdout } });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).not.toMatch(/at .*\.ts:/);
  expect(result.error?.['message']).toContain('standard output');
  expect(server.requests.length).toBeLessThan(20);
  const again = await list.run(['--json']);
  expect(summaryOf(again)).toMatchObject({
    already_created: server.requests.length - rowsOf(again).length,
  });
  expect(server.requests).toHaveLength(200);
});

test('a slow reader of stdout slows the run down', async () => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(60)));
  const waiting: (() => void)[] = [];
  const stdout = new Writable({
    write(_chunk, _encoding, callback) {
      waiting.push(callback);
    },
  });
  const finished = list.run(['--json', '--concurrency', '2'], { system: { stdout } });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(server.requests.length).toBeLessThan(15);
  const timer = setInterval(() => waiting.shift()?.(), 1);
  expect((await finished).exitCode).toBe(0);
  clearInterval(timer);
});

test('two runs at once: the second one names the first and sends nothing', async () => {
  const gate = gated();
  await using server = await startServer(gate.handler);
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(3)));
  const first = list.run();
  await gate.arrived;
  const second = await list.run(['--json']);
  expect(second.exitCode).toBe(1);
  expect(second.error).toMatchObject({ code: 'config_error', outcome: 'not_created' });
  expect(second.error?.['message']).toContain(`process ${process.pid} (plesk client import)`);
  gate.open();
  expect(await first).toMatchObject({ exitCode: 0 });
  expect(server.requests).toHaveLength(3);
});

test.skipIf(process.platform === 'win32')(
  'a folder moved away under a run ends it, and what the next run wrote stays (Windows moves none with open files)',
  async () => {
    const gate = gated();
    let isFirst = true;
    await using server = await startServer((...call) => {
      const handler = isFirst ? gate.handler : byLogin({ client3: refused });
      isFirst = false;
      return handler(...call);
    });
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    const results = folder.join('results.csv');
    const args = ['--json', '--concurrency', '1', '--results', results];
    const first = list.run(args);
    await gate.arrived;
    await rename(list.journal, `${list.journal}.old`);
    expect(await list.run(args)).toMatchObject({ exitCode: 3 });
    const written = await readFile(results, 'utf8');
    const sentBefore = server.requests.length;
    expect(sentBefore).toBe(4);
    gate.open();
    const result = await first;
    expect(result).toMatchObject({ exitCode: 1, error: { code: 'config_error' } });
    expect(result.error?.['message']).toContain('was moved, deleted or replaced');
    expect(result.errors).toContainEqual({
      warning: {
        code: 'results_not_written',
        message: expect.stringContaining(`${results} were left`),
      },
    });
    expect(summaryOf(result)).toMatchObject({ results: null });
    expect(server.requests).toHaveLength(sentBefore);
    expect(await readFile(results, 'utf8')).toBe(written);
    const [aside = ''] = (await readdir(folder.path)).filter((name) => /^results-/.test(name));
    expect(await readFile(folder.join(aside), 'utf8')).toMatch(/\n1,2,created,client1,/);
  },
);

test('a generated password outlives a journal that was deleted under the run', async () => {
  const gate = gated();
  await using server = await startServer(gate.handler);
  const list = importing(folder, server.url);
  await list.write('name,login,email\nExample Client,client1,client1@example.com\n');
  const running = list.run(['--generate-passwords', '--json']);
  await gate.arrived;
  await rm(`${list.journal}/journal.ndjson`);
  gate.open();
  const result = await running;
  expect(result.exitCode).toBe(1);
  const names = await list.kept();
  expect(names).not.toContain('results.csv');
  const [aside = ''] = names.filter((name) => /^results-/.test(name));
  const [{ password } = { password: '' }] = server.requests.map(
    ({ json }) => json as { password: string },
  );
  expect(password).not.toBe('');
  expect(await readFile(`${list.journal}/${aside}`, 'utf8')).toContain(password);
  expect(result.stderr).toContain(aside);
  expect(result.stderr).not.toContain(password);
});

const canMount = await canMountSmallDisk();
describe.skipIf(!canMount)('a full disk (skipped where this user may not mount one)', () => {
  test('before the run: one clear sentence, nothing sent', async () => {
    await using disk = await mountSmallDisk(16);
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    await disk.fillUpTo(0);
    const result = await list.run(['--json', '--journal', `${disk.path}/job`]);
    expect(result).toMatchObject({ exitCode: 1, error: { code: 'config_error' } });
    expect(result.error?.['message']).toContain('disk is full');
    expect(server.requests).toHaveLength(0);
  });

  test('during the run: it stops, and goes on when there is room again', async () => {
    await using disk = await mountSmallDisk(64);
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(400)));
    await mkdir(`${disk.path}/job`, { mode: 0o700 });
    await disk.fillUpTo(6);
    const run = () => list.run(['--json', '--journal', `${disk.path}/job`]);
    const result = await run();
    expect(result.exitCode).toBe(1);
    expect(result.error?.['message']).toContain('disk is full');
    const sent = server.requests.length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(400);
    const { created, unknown } = summaryOf(result) as { created: number; unknown: number };
    expect(created + unknown).toBeGreaterThanOrEqual(sent);
    await disk.empty();
    const second = summaryOf(await run()) as { unknown: number };
    const all = server.requests.map(({ json }) => (json as { login: string }).login);
    expect(new Set(all).size).toBe(all.length);
    // A row that was ready to be sent, but whose end could not be written, counts as unknown too.
    expect(all.length).toBeGreaterThanOrEqual(400 - second.unknown);
    expect(second.unknown).toBeLessThanOrEqual(8);
  });

  test('for the results alone: the run is right, and the next one writes them', async () => {
    await using disk = await mountSmallDisk(16);
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(80)));
    await disk.fillUpTo(0);
    const results = `${disk.path}/results.csv`;
    const result = await list.run(['--json', '--results', results]);
    expect(result).toMatchObject({ exitCode: 1, error: { code: 'config_error' } });
    expect(summaryOf(result)).toMatchObject({ created: 80, results: null });
    await disk.empty();
    expect(await list.run(['--results', results])).toMatchObject({ exitCode: 0 });
    expect((await readFile(results, 'utf8')).split('\n')).toHaveLength(82);
    expect(server.requests).toHaveLength(80);
  });
});
