import { lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryOutput } from '../../../support/memory-streams.ts';
import { type OxhostResult, runOxhost, startOxhost } from '../../../support/run.ts';
import {
  answer,
  createdClient,
  hang,
  resetAfterReading,
  startServer,
} from '../../../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/temporary.ts';
import { CREATED, creating, ENV, GIVEN, PASSWORD } from './creating.ts';

let folder: TemporaryFolder;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.close());

/** A path that is not there yet. */
const fresh = (name: string) => {
  count += 1;
  return folder.join(`${name}-${count}`);
};

async function openOf({ configFolder }: Pick<OxhostResult, 'configFolder'>) {
  const place = path.join(configFolder, 'open');
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => name !== 'lock').map((name) => path.join(place, name));
}

const sentPassword = (server: { requests: { json: unknown }[] }, index = 0) =>
  ((server.requests[index]?.json ?? {}) as { password: string }).password;
const exists = answer(409, { success: false, message: 'Login already exists' });
const TAKEN =
  /exists already.*"Login already exists"\. The client client1 was probably created by the earlier attempt/;

describe('--password-out', () => {
  const generate = (file: string) => ['--generate-password', '--password-out', file, '--json'];

  test('takes the password, for its owner alone, instead of the result', async () => {
    await using server = await startServer();
    const file = fresh('out');
    const result = await runOxhost(creating(server, ...generate(file)), { env: ENV });
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual(CREATED);
    expect(await readFile(file, 'utf8')).toBe(`${sentPassword(server)}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(result.errors).toContainEqual({
      note: { code: 'password_kept', message: `The generated password is in ${file}.` },
    });
    expect(result.stderr).not.toContain(sentPassword(server));
  });

  test('is there when the request goes out', async () => {
    const file = fresh('out');
    let seen = '';
    await using server = await startServer(async (request, response, index) => {
      seen = await readFile(file, 'utf8');
      return createdClient(request, response, index);
    });
    await runOxhost(creating(server, ...generate(file)), { env: ENV });
    expect(seen).toBe(`${sentPassword(server)}\n`);
  });

  test.each([
    ['a file', (file: string) => writeFile(file, 'mine')],
    ['a link', (file: string) => symlink(folder.join('target'), file)],
    [
      'a link to a file',
      async (file: string) => {
        await writeFile(`${file}-target`, 'mine');
        await symlink(`${file}-target`, file);
      },
    ],
  ])('%s that is there is never written to; nothing is sent', async (_what, make) => {
    await using server = await startServer();
    const file = fresh('taken');
    await make(file);
    const before = await lstat(file);
    const result = await runOxhost(creating(server, ...generate(file)), { env: ENV });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error).toMatchObject({
      ...{ code: 'usage', outcome: 'not_created', retry: 'after_fix', attempts: 0 },
      message: `--password-out: ${file} is there already and is never overwritten; nothing was sent.`,
    });
    expect(server.requests).toEqual([]);
    const after = await lstat(file);
    expect([after.ino, after.size, after.mtimeMs]).toEqual([
      before.ino,
      before.size,
      before.mtimeMs,
    ]);
    await expect(stat(folder.join('target'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('in a folder that is not there: nothing is sent', async () => {
    await using server = await startServer();
    const file = path.join(fresh('folder'), 'out');
    const result = await runOxhost(creating(server, ...generate(file)), { env: ENV });
    expect(result.error).toMatchObject({ outcome: 'not_created', attempts: 0 });
    expect(result.error?.['message']).toContain(`--password-out: ${file} could not be written`);
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['refused', answer(422, { success: false, message: 'No' }), 5],
    ['already there', exists, 6],
    ['rate limited', answer(429), 9],
    ['not allowed', answer(401), 4],
  ])('is removed when the client certainly was not created: %s', async (_what, handler, code) => {
    await using server = await startServer(handler);
    const file = fresh('out');
    const args = creating(server, ...generate(file), '--max-wait', '0');
    const result = await runOxhost(args, { env: ENV });
    expect(result.exitCode).toBe(code);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await openOf(result)).toEqual([]);
  });

  test('is removed when nothing was sent', async () => {
    const file = fresh('out');
    const args = creating({ url: 'http://127.0.0.1:1' }, ...generate(file));
    expect((await runOxhost(args, { env: ENV })).exitCode).toBe(7);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is kept, and named, when nobody knows', async () => {
    await using server = await startServer(resetAfterReading);
    const file = fresh('out');
    const result = await runOxhost(creating(server, ...generate(file)), { env: ENV });
    expect(result.exitCode).toBe(8);
    expect(await readFile(file, 'utf8')).toBe(`${sentPassword(server)}\n`);
    expect(result.error?.['hint']).toContain(`its generated password is in ${file}.`);
    const [pending = ''] = await openOf(result);
    expect(await readFile(pending, 'utf8')).not.toContain(sentPassword(server));
  });
});

describe('a generated password whose fate is open', () => {
  test('is in the history that the hint names, for its owner alone', async () => {
    await using server = await startServer(resetAfterReading);
    const result = await runOxhost(creating(server, '--generate-password', '--json'), { env: ENV });
    expect(result).toMatchObject({ exitCode: 8, stdout: '' });
    const [file = '', ...others] = await openOf(result);
    expect(others).toEqual([]);
    expect(result.error?.['hint']).toBe(
      'Look in the panel whether the client client1 is there before you run this again. If it is, its generated password is in oxhost history show 1. Then say so: oxhost history settle 1 --exists yes (or no).',
    );
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      origin: server.url,
      login: GIVEN.login,
      generated_password: sentPassword(server),
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect((await stat(result.configFolder)).mode & 0o777).toBe(0o700);
    expect(result.stderr).not.toContain(sentPassword(server));
  });

  test('is on the disk before the request is out, and after Ctrl-C', async () => {
    await using server = await startServer(hang);
    const args = creating(server, '--generate-password', '--json');
    const running = await startOxhost(args, { env: ENV });
    await expect.poll(() => server.requests.length).toBe(1);
    running.signal('SIGINT');
    const result = await running.finished;
    expect(result.error).toMatchObject({ exit_code: 130, outcome: 'unknown' });
    const [file = ''] = await openOf(result);
    expect(result.error?.['hint']).toContain('oxhost history show 1');
    expect(JSON.parse(await readFile(file, 'utf8')).generated_password).toBe(sentPassword(server));
  });

  test.each([
    ['success', createdClient, 0],
    ['a refusal', answer(422), 5],
  ])('leaves no trace after %s', async (_what, handler, exitCode) => {
    await using server = await startServer(handler);
    const result = await runOxhost(creating(server, '--generate-password'), { env: ENV });
    expect(result.exitCode).toBe(exitCode);
    expect(await openOf(result)).toEqual([]);
  });

  test('that cannot be kept is not sent', async () => {
    await using server = await startServer();
    await writeFile(folder.join('file'), '');
    const env = { ...ENV, OXHOST_CONFIG_DIR: folder.join('file', 'config') };
    const result = await runOxhost(creating(server, '--generate-password', '--json'), { env });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.error).toMatchObject({
      ...{ code: 'config_error', outcome: 'not_created', retry: 'after_fix', attempts: 0 },
      hint: 'Name a place for the password with --password-out, or another folder in OXHOST_CONFIG_DIR.',
    });
    expect(server.connections).toBe(0);
    const own = await runOxhost(creating(server, '--password', PASSWORD, '--json'), { env });
    expect(own.exitCode).toBe(0);
    expect(own.errors).toEqual([
      { warning: { code: 'not_noted', message: expect.stringContaining('ENOTDIR') } },
    ]);
  });
});

describe('the same login again, after an end that nobody knows', () => {
  async function twice(first: readonly string[], second: readonly string[], then = exists) {
    const config = fresh('config');
    const options = { env: { ...ENV, OXHOST_CONFIG_DIR: config } };
    await using server = await startServer((request, response, index) =>
      (index === 0 ? resetAfterReading : then)(request, response, index),
    );
    const before = await runOxhost(creating(server, ...first, '--json'), options);
    expect(before.exitCode).toBe(8);
    const [kept = ''] = await openOf(before);
    const result = await runOxhost(creating(server, ...second, '--json'), { ...options, seed: 2 });
    return {
      kept,
      result,
      passwords: server.requests.map((_, index) => sentPassword(server, index)),
    };
  }

  test('a warning, and "already exists" is not a plain conflict', async () => {
    const { kept, result, passwords } = await twice(
      ['--generate-password'],
      ['--generate-password'],
    );
    expect(result.errors[0]?.['warning']).toMatchObject({ code: 'earlier_attempt_unknown' });
    expect(result.error).toMatchObject({
      ...{ code: 'already_exists', exit_code: 8, outcome: 'unknown', retry: 'check_first' },
      hint: 'Look in the panel. Then say whether it is there: oxhost history settle 1 --exists yes (or no). Its generated password: oxhost history show 1.',
      message: expect.stringMatching(TAKEN),
    });
    expect(await openOf(result)).toEqual([kept]);
    expect(JSON.parse(await readFile(kept, 'utf8')).generated_password).toBe(passwords[0]);
    expect(passwords[1]).not.toBe(passwords[0]);
  });

  test("with a password of one's own", async () => {
    const { result } = await twice(['--password', PASSWORD], ['--password', PASSWORD]);
    expect(result.error?.['message']).toMatch(TAKEN);
    expect(result.error).toMatchObject({ exit_code: 8, outcome: 'unknown' });
  });

  test('success settles the earlier attempt too', async () => {
    const { result } = await twice(
      ['--password', PASSWORD],
      ['--generate-password'],
      createdClient,
    );
    expect(result.exitCode).toBe(0);
    expect(await openOf(result)).toEqual([]);
  });

  test('success keeps a generated password of the earlier attempt, and says where', async () => {
    const { kept, result } = await twice(
      ['--generate-password'],
      ['--generate-password'],
      createdClient,
    );
    expect(result.exitCode).toBe(0);
    expect(await openOf(result)).toEqual([kept]);
    expect(result.errors.map(({ note }) => note)).toContainEqual({
      code: 'earlier_password_kept',
      message: 'The password of the earlier attempt stays in oxhost history show 1.',
    });
  });

  test.each([
    ['a refusal', answer(422, { success: false, message: 'No' })],
    ['a bad key', answer(401)],
  ])('%s does not settle it: still unknown, exit 8', async (_what, handler) => {
    const { result } = await twice(['--password', PASSWORD], ['--password', PASSWORD], handler);
    expect(result.error).toMatchObject({ exit_code: 8, outcome: 'unknown', retry: 'check_first' });
    expect(result.error?.['message']).toMatch(/the earlier attempt \(.*\) is still open\.$/);
    expect(await openOf(result)).toHaveLength(1);
  });

  test('unknown again: every password is kept, and all are named', async () => {
    const env = { ...ENV, OXHOST_CONFIG_DIR: fresh('config') };
    await using server = await startServer((request, response, index) =>
      (index < 3 ? resetAfterReading : exists)(request, response, index),
    );
    for (const seed of [1, 2]) {
      await runOxhost(creating(server, '--generate-password'), { env, seed });
    }
    const result = await runOxhost(creating(server, '--generate-password', '--json'), {
      env,
      seed: 3,
    });
    expect(await openOf(result)).toHaveLength(3);
    for (const number of [1, 2, 3]) {
      expect(result.error?.['hint']).toContain(`oxhost history show ${number}`);
    }
  });

  test('another login, or another server, knows nothing of it', async () => {
    const env = { ...ENV, OXHOST_CONFIG_DIR: fresh('config') };
    await using first = await startServer(resetAfterReading);
    await runOxhost(creating(first, '--generate-password'), { env });
    await using second = await startServer(exists);
    for (const args of [
      creating(second, '--json'),
      creating(first, '--json', '--login', 'client2'),
    ]) {
      const result = await runOxhost([...args, '--password', PASSWORD], { env, seed: 2 });
      expect(
        result.errors.filter(({ warning }) => warning?.['code'] === 'earlier_attempt_unknown'),
      ).toEqual([]);
      expect(result.error?.['message']).not.toContain('earlier attempt');
    }
  });
});

describe('a result that cannot be shown', () => {
  class BrokenOutput extends MemoryOutput {
    override _write(_chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    }
  }

  async function created(...flags: string[]) {
    await using server = await startServer();
    const stdout = new BrokenOutput();
    stdout.on('error', () => {});
    const args = creating(server, '--json', ...flags);
    const result = await runOxhost(args, { env: ENV, system: { stdout } });
    return { result, password: sentPassword(server) };
  }

  test('the client is created all the same, and its password is on the disk', async () => {
    const { result, password } = await created('--generate-password');
    const [file = ''] = await openOf(result);
    expect(result.error).toEqual({
      code: 'internal',
      message: `The client was created (id ${CREATED.id}), but the result could not be written to standard output (EPIPE).`,
      exit_code: 1,
      outcome: 'created',
      retry: 'no',
      hint: 'Do not run the command again; the generated password is in oxhost history show 1.',
      fields: [],
      http: null,
      attempts: 1,
    });
    expect(JSON.parse(await readFile(file, 'utf8')).generated_password).toBe(password);
  });

  test('with --password-out it is there', async () => {
    const file = fresh('out');
    const { result, password } = await created('--generate-password', '--password-out', file);
    expect(result.error?.['hint']).toContain(`the generated password is in ${file}.`);
    expect(await readFile(file, 'utf8')).toBe(`${password}\n`);
  });

  test('and nobody gets what it is given: the password stays in the history', async () => {
    await using server = await startServer();
    const stdout = Object.assign(new MemoryOutput(), { isDiscarded: true });
    const args = creating(server, '--generate-password');
    const result = await runOxhost(args, { env: ENV, system: { stdout } });
    expect(result).toMatchObject({
      exitCode: 0,
      stderr:
        'warning: Standard output leads nowhere, so the generated password is kept: oxhost history show 1 has it.\n',
    });
    const [file = ''] = await openOf(result);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      ...{ state: 'created', ids: { client_id: CREATED.id } },
      generated_password: sentPassword(server),
    });
  });

  test('because nobody reads on: a second Ctrl-C ends it, and the password is on the disk', async () => {
    class StuckOutput extends MemoryOutput {
      override _write() {}
    }
    await using server = await startServer();
    const stdout = new StuckOutput();
    const args = creating(server, '--json', '--generate-password');
    const running = await startOxhost(args, { env: ENV, system: { stdout } });
    await expect.poll(() => stdout.writableLength).toBeGreaterThan(0);
    running.signal('SIGINT');
    running.signal('SIGINT');
    const result = await running.finished;
    expect(result.error).toMatchObject({
      ...{ code: 'cancelled', exit_code: 130, outcome: 'unknown', retry: 'check_first' },
    });
    const [file = ''] = await openOf(result);
    expect(JSON.parse(await readFile(file, 'utf8')).generated_password).toBe(sentPassword(server));
  });
});
