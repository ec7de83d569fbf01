import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryInput } from '../support/memory-streams.ts';
import { runOxhost } from '../support/run.ts';
import { startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { broken, byLogin, csvOf, exists, importing, logins, refused } from './files.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.close());

const flat = (text: string) => text.replace(/ \\\n +/g, ' ').replace(/\s+/g, ' ');

describe('a journal and another API key', () => {
  const otherKey = { env: { OXHOST_API_KEY: 'test-key-0002' } };
  const SAYS = 'This journal was used with another API key before';

  test('stops, unless a person says that it is of the same account', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    await list.run();
    await list.write(csvOf('client1', 'client2'));
    const stopped = await list.run(['--json'], otherKey);
    expect(stopped.exitCode).toBe(2);
    expect(stopped.error).toMatchObject({
      code: 'usage',
      outcome: 'not_created',
      attempts: 0,
      message: expect.stringContaining(SAYS),
      hint: expect.stringMatching(/--same-account.*--journal/),
    });
    expect(server.requests).toHaveLength(1);
    expect((await list.run(['--dry-run'], otherKey)).stderr).toContain(`warning: ${SAYS}`);
    const without = { env: { OXHOST_API_KEY: '' } };
    expect(await list.run(['--dry-run'], without)).toMatchObject({ exitCode: 0 });

    // It stands in every script.
    expect(await list.run(['--yes'], otherKey)).toMatchObject({ exitCode: 2 });
    const accepted = await list.run(['--same-account', '--json'], otherKey);
    expect(accepted.exitCode).toBe(0);
    expect(server.requests).toHaveLength(2);
    // Both are known from now on.
    for (const options of [otherKey, {}]) {
      const known = await list.run([], options);
      expect(known.exitCode).toBe(0);
      expect(known.stderr).not.toContain(SAYS);
    }
  });

  test.each([
    ['n\r', 2, 1],
    ['y\ry\r', 0, 2],
  ])('on a terminal it asks; %j ends with %i', async (keys, exitCode, requests) => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    await list.run();
    await list.write(csvOf('client1', 'client2'));
    const stdin = new MemoryInput(undefined, { isTTY: true });
    const running = await list.start([], { ...otherKey, isTTY: true, stdin });
    for (const [index, key] of (keys.match(/.\r/g) ?? []).entries()) {
      const question = index === 0 ? 'account?' : 'Create 1 client';
      await expect.poll(() => running.stderr.text, { timeout: 60_000 }).toContain(question);
      stdin.feed(key);
    }
    const result = await running.finished;
    expect(result.stderr).toContain(SAYS);
    expect(result.exitCode).toBe(exitCode);
    expect(server.requests).toHaveLength(requests);
  });
});

describe('rows that are created and were edited since', () => {
  test('are reported by line and not sent', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(9)));
    await list.run();
    await list.write(
      csvOf(...logins(9))
        .replace('client2@', 'other@')
        .replace('Example Client,client9', 'Other,client9'),
    );
    const result = await list.run(['--json']);
    expect(result.exitCode).toBe(0);
    expect(server.requests).toHaveLength(9);
    const edited = result.errors
      .map(({ warning }) => warning)
      .filter((warning) => warning?.['code'] === 'created_row_edited');
    expect(edited).toHaveLength(1);
    expect(edited[0]?.['message']).toMatch(/created already.*not sent: 2 rows \(lines 3, 10\)\.$/);
  });
});

test('a password is said to be made only for rows that are sent', async () => {
  const rules = { client2: refused, client3: exists, client4: broken };
  await using server = await startServer(byLogin(rules));
  const list = importing(folder, server.url);
  const text = (names: readonly string[]) =>
    `name,login,email,password\n${names.map((name) => `Example Client,${name},${name}@example.com,***\n`).join('')}`;
  await list.write(text(logins(4)));
  const made = async (...args: string[]) =>
    (await list.run(['--generate-passwords', ...args])).stderr.match(
      /a new one is generated: .*\)/,
    )?.[0];
  expect(await made()).toContain('4 rows (lines 2, 3, 4, 5)');
  expect(await made()).toBeUndefined();
  await list.write(text(logins(5)).replace('Example Client,client2', 'Fixed Client,client2'));
  expect(await made()).toContain('2 rows (lines 3, 6)');
  expect(await made('--retry-rejected')).toContain('2 rows (lines 3, 4)');
});

test('the command to go on has all flags', async () => {
  await using server = await startServer(byLogin({ client1: broken, client2: refused }));
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(3)));
  const flags = '--timeout 9 --max-wait 600 --concurrency 2 --rate 90/s --max-errors 5 --retries 0';
  const args = ['plesk', 'client', '--retries', '0', 'import', '--max-wait', '600', list.file];
  const { stderr } = await runOxhost(
    [...args, ...'--rate 90/s --concurrency 2 --timeout 9 --max-errors 5 --yes -q'.split(' ')],
    { env: { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: server.url } },
  );
  expect(flat(stderr)).toContain(
    `3. Run the same command again: oxhost plesk client import ${list.file} ${flags} `,
  );
});

describe('what a file `lock` of somebody else in the folder', () => {
  test.each([
    ['holds is never touched', 'my own notes\n', 1],
    ['lacks, being empty, is no hindrance', '', 0],
    ['has from a killed run is no hindrance', '{"pid":77,"si', 0],
  ])('%s', async (_name, content, exitCode) => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    const own = folder.join('own');
    await mkdir(own, { mode: 0o700 });
    await writeFile(`${own}/lock`, content);
    const result = await list.run(['--journal', own]);
    expect(result.exitCode).toBe(exitCode);
    if (exitCode === 0) return;
    expect(await readFile(`${own}/lock`, 'utf8')).toBe(content);
    expect(result.stderr).toContain(`${own}/lock is not a file of oxhost`);
    expect(server.requests).toHaveLength(0);
  });
});
