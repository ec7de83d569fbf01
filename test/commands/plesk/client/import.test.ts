import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  broken,
  byLogin,
  csvOf,
  exists,
  HEADER,
  importing,
  logins,
  PASSWORD,
  refused,
  rowsOf,
  summaryOf,
} from '../../../import/files.ts';
import { MemoryInput } from '../../../support/memory-streams.ts';
import { asOrdinaryUser } from '../../../support/ordinary-user.ts';
import { runOxhost, startOxhost } from '../../../support/run.ts';
import { answer, createdClient, type Handler, startServer } from '../../../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/temporary.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.close());

describe('a whole import', () => {
  test('creates each row, says so and ends with 0', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1', 'client2', 'client3'));
    const result = await list.run();
    expect(result).toMatchObject({ exitCode: 0, stdout: '', released: true });
    expect(result.stderr).toMatch(/created +3\n/);
    expect(result.stderr).not.toContain(PASSWORD);
    expect(server.requests.map((request) => request.json)).toContainEqual({
      name: 'Example Client',
      login: 'client1',
      email: 'client1@example.com',
      password: PASSWORD,
    });
    expect((await list.results()).split('\n')).toEqual([
      'row,line,status,login,id,plesk_client_id,generated_password,name,email,company,message',
      expect.stringMatching(/^1,2,created,client1,.+,123,,Example Client,client1@example.com,,$/),
      expect.stringMatching(/^2,3,created,client2,.+,123,,Example Client,client2@example.com,,$/),
      expect.stringMatching(/^3,4,created,client3,.+,123,,Example Client,client3@example.com,,$/),
      '',
    ]);
    expect(await list.kept()).toEqual(['journal.ndjson', 'lock', 'results.csv']);
    expect((await stat(`${list.journal}/results.csv`)).mode & 0o777).toBe(0o600);
  });

  test('writes one JSON object a row on stdout, and nothing else', async () => {
    await using server = await startServer(
      byLogin({ client2: refused, client3: exists, client4: broken }),
    );
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(4)));
    const result = await list.run(['--json']);
    expect(result.exitCode).toBe(8);
    const rows = rowsOf(result);
    expect(rows.map(({ row, login, status }) => [row, login, status]).sort()).toEqual([
      [1, 'client1', 'created'],
      [2, 'client2', 'rejected'],
      [3, 'client3', 'already_exists'],
      [4, 'client4', 'unknown'],
    ]);
    for (const row of rows) {
      expect(Object.keys(row).join()).toBe('row,login,status,id,plesk_client_id,error');
    }
    expect(rows.find(({ status }) => status === 'created')).toMatchObject({
      id: expect.any(String),
      plesk_client_id: '123',
      error: null,
    });
    expect(rows.find(({ status }) => status === 'rejected')?.['error']).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('Invalid company'),
    });
    const counts = 'created,already_created,already_exists,rejected,unknown,not_sent,invalid';
    expect(Object.keys(summaryOf(result)).join()).toBe(`rows,${counts},seconds,journal,results`);
    expect(summaryOf(result)).toMatchObject({
      ...{ rows: 4, created: 1, already_created: 0, already_exists: 1, rejected: 1, unknown: 1 },
      ...{ not_sent: 0, invalid: 0 },
      journal: list.journal,
      results: `${list.journal}/results.csv`,
    });
  });

  test.each([
    ['3 when a row was refused', refused, 3],
    ['3 when a row exists already', exists, 3],
    ['8 when a row is unknown', broken, 8],
  ])('ends with %s', async (_title, handler, exitCode) => {
    await using server = await startServer(byLogin({ client2: handler }));
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    expect(await list.run()).toMatchObject({ exitCode });
    // And so does the next run, which sends nothing of it again.
    const again = await list.run();
    expect(again.exitCode).toBe(exitCode);
    expect(server.requests).toHaveLength(3);
  });

  test('stops at once without a valid key, and goes on with one', async () => {
    let key = 'another-key-02';
    const handler: Handler = (request, response, index) =>
      (request.headers['x-api-key'] === key ? createdClient : answer(401, { error: 'no' }))(
        request,
        response,
        index,
      );
    await using server = await startServer(handler);
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(40)));
    const stopped = await list.run(['--concurrency', '2', '--json']);
    expect(stopped.exitCode).toBe(4);
    expect(stopped.error).toMatchObject({ code: 'auth_failed', outcome: 'not_created' });
    expect(stopped.error?.['hint']).toContain('same command again');
    expect(server.requests.length).toBeLessThan(4);
    expect(summaryOf(stopped)).toMatchObject({ rows: 40, created: 0, not_sent: 40 });
    key = 'test-key-0001';
    expect(await list.run()).toMatchObject({ exitCode: 0 });
  });

  test('works against the sandbox, whose journal does not stand in the way later', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1', 'client2'));
    const env = { TMPDIR: folder.path };
    for (let round = 0; round < 2; round += 1) {
      expect(await list.run(['--sandbox'], { env })).toMatchObject({ exitCode: 0 });
    }
    expect(server.requests).toHaveLength(0);
    const real = await list.run(['--json']);
    expect(summaryOf(real)).toMatchObject({ created: 2, already_created: 0 });
  });
});

describe('a second run', () => {
  test('skips what is created, takes fixed and added rows, keeps those that are gone', async () => {
    await using server = await startServer((request, response, index) =>
      ((request.json as { company?: string }).company === 'Bad' ? refused : createdClient)(
        request,
        response,
        index,
      ),
    );
    const list = importing(folder, server.url);
    const line = (login: string, company = '') =>
      `Example Client,${login},${login}@example.com,${PASSWORD},${company}\n`;
    await list.write(`${HEADER},company\n${line('client1')}${line('client2', 'Bad')}`);
    expect(await list.run()).toMatchObject({ exitCode: 3 });
    await list.write(`${HEADER},company\n${line('client2', 'Good')}${line('client3')}`);
    const again = await list.run(['--json']);
    expect(again.exitCode).toBe(0);
    expect(
      rowsOf(again)
        .map(({ login }) => login)
        .sort(),
    ).toEqual(['client2', 'client3']);
    expect(server.requests).toHaveLength(4);
    const results = await list.results();
    for (const login of ['client1', 'client2', 'client3']) {
      expect(results).toContain(`,created,${login},`);
    }
    expect(await list.kept()).toEqual(['journal.ndjson', 'lock', 'results.csv']);
  });

  test('sends an unknown row again only when asked to, with the very same password', async () => {
    let handler: Handler = broken;
    await using server = await startServer((...call) => handler(...call));
    const list = importing(folder, server.url);
    await list.write('name,login,email\nExample Client,client1,client1@example.com\n');
    const first = await list.run(['--generate-passwords']);
    expect(first.exitCode).toBe(8);
    expect(first.stderr).toContain('Look in the panel whether the client in ');
    handler = createdClient;
    expect(await list.run(['--generate-passwords'])).toMatchObject({ exitCode: 8 });
    expect(server.requests).toHaveLength(1);
    const again = await list.run(['--generate-passwords', '--retry-unknown']);
    expect(again.exitCode).toBe(0);
    const passwords = server.requests.map(({ json }) => (json as { password: string }).password);
    expect(passwords[0]).toMatch(/^.{20}$/);
    expect(passwords[1]).toBe(passwords[0]);
    expect(await list.results()).toContain(`,${passwords[0]},`);
    expect(again.stderr).not.toContain(passwords[0]);
  });

  test('refuses the journal of another address', async () => {
    await using server = await startServer();
    await using other = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    await list.run();
    const refusal = await list.run(['--json', '--api-url', other.url]);
    expect(refusal.exitCode).toBe(2);
    expect(refusal.error).toMatchObject({ code: 'usage', outcome: 'not_created' });
    expect(refusal.error?.['message']).toContain(server.url);
    expect(other.requests).toHaveLength(0);
  });
});

describe('a dry run', () => {
  test('says row by row what would happen, without a key, and changes nothing', async () => {
    await using server = await startServer(byLogin({ client2: refused, client3: broken }));
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    await list.run();
    const kept = await list.kept();
    const before = await readFile(`${list.journal}/journal.ndjson`);
    await list.write(csvOf(...logins(4)));
    const dry = await list.run(['--dry-run', '--json'], { env: { OXHOST_API_KEY: '' } });
    expect(dry.exitCode).toBe(0);
    expect(rowsOf(dry)).toEqual([
      { row: 1, login: 'client1', plan: 'skip', reason: 'created by an earlier run' },
      { row: 2, login: 'client2', plan: 'skip', reason: expect.stringContaining('refused') },
      { row: 3, login: 'client3', plan: 'skip', reason: expect.stringContaining('panel') },
      { row: 4, login: 'client4', plan: 'create', reason: null },
    ]);
    const asked = await list.run(['--dry-run', '--retry-unknown', '--retry-rejected']);
    expect(asked.stdout).toBe(
      [
        'row\tlogin\tplan\treason',
        '1\tclient1\tskip\tcreated by an earlier run',
        '2\tclient2\tsend_again\trefused earlier',
        '3\tclient3\tsend_again\tunknown after an earlier run',
        '4\tclient4\tcreate\t\n',
      ].join('\n'),
    );
    expect(await list.kept()).toEqual(kept);
    expect(await readFile(`${list.journal}/journal.ndjson`)).toEqual(before);
    expect(server.requests).toHaveLength(3);
  });

  test('makes no folder, and shows bad rows when they would be left out', async () => {
    const list = importing(folder, 'http://127.0.0.1:9');
    await list.write(`${csvOf('client1')}Example Client,-x,x@example.com,${PASSWORD}\n`);
    const dry = await list.run(['--dry-run', '--skip-invalid'], { isTTY: { stdout: true } });
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/leave_out +line 3: login must start with a letter/);
    await expect(stat(list.journal)).rejects.toThrow('ENOENT');
    const refusing = await list.run(['--dry-run']);
    expect(refusing.exitCode).toBe(2);
    expect(refusing.stdout).toMatch(/\n2\t-x\tinvalid\tline 3: login must/);
    expect(refusing.stderr).toContain(
      '\n  login must start with a letter or digit: 1 row (line 3)',
    );
  });
});

describe('standard input', () => {
  test('is imported, and the same command continues', async () => {
    await using server = await startServer(byLogin({ client2: refused }));
    const journal = folder.join('moved');
    const run = (text: string) =>
      runOxhost(['plesk', 'client', 'import', '-', '--journal', journal, '--json'], {
        env: { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: server.url },
        stdin: text,
      });
    expect(summaryOf(await run(csvOf(...logins(2))))).toMatchObject({ created: 1, rejected: 1 });
    const second = await run(csvOf(...logins(3)));
    expect(summaryOf(second)).toMatchObject({ created: 1, already_created: 1, rejected: 1 });
    expect((await readdir(journal)).sort()).toEqual(['journal.ndjson', 'lock', 'results.csv']);
  });

  test('stops on Ctrl-C while nothing has come yet, and leaves nothing behind', async () => {
    const journal = folder.join('moved');
    const stdin = new MemoryInput();
    const running = await startOxhost(['plesk', 'client', 'import', '-', '--journal', journal], {
      env: { OXHOST_API_KEY: 'test-key-0001' },
      stdin,
    });
    stdin.feed(HEADER);
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.signal('SIGINT');
    expect(await running.finished).toMatchObject({ exitCode: 130 });
    await expect(readdir(journal)).rejects.toThrow('ENOENT');
  });
});

describe('what cannot be understood', () => {
  test.each<[string, string[], string]>([
    ['no file', ['/nowhere/clients.csv'], 'does not exist'],
    ['a folder', ['/'], 'is a folder'],
    ['a device', ['/dev/zero'], 'is a pipe or device'],
    ['a format', ['x.csv', '--format', 'xls'], '--format'],
    ['a field of --map', ['x.csv', '--map', 'phone=Phone'], '--map'],
    ['concurrency 0', ['x.csv', '--concurrency', '0'], '--concurrency'],
    ['a rate', ['x.csv', '--rate', 'fast'], '--rate'],
    ['a rate of 0', ['x.csv', '--rate', '0'], '--rate'],
    ['a length without passwords', ['x.csv', '--password-length', '20'], '--generate-passwords'],
    ['errors', ['x.csv', '--max-errors', 'x'], '--max-errors'],
    ['a field of --json', ['x.csv', '--json', '--fields', 'password'], 'plesk_client_id'],
  ])('%s', async (_title, args, message) => {
    const result = await runOxhost(['plesk', 'client', 'import', ...args], {
      env: { OXHOST_API_KEY: 'test-key-0001' },
    });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(message);
  });

  test('columns, all at once, with what to do', async () => {
    const list = importing(folder, 'http://127.0.0.1:9');
    await list.write('name,mail address,phone\nExample Client,client1@example.com,1\n');
    const result = await list.run(['--json']);
    expect(result).toMatchObject({ exitCode: 2 });
    const fields = result.error?.['fields'] as { name: string; message: string }[];
    expect(fields.map(({ name }) => name)).toEqual(['map', 'map', 'map']);
    expect(fields.map(({ message }) => message).join()).toMatch(/login.*email.*password/s);
  });
});

describe('where the results go', () => {
  test.each<[string, (file: string) => Promise<string>, string]>([
    ['the input', async (file) => file, 'the file to be imported'],
    [
      'a link',
      async () => {
        await symlink(folder.join('elsewhere'), folder.join('link.csv'));
        return folder.join('link.csv');
      },
      'not a regular file',
    ],
    [
      'a file of somebody else',
      async () => {
        await writeFile(folder.join('notes.csv'), 'my,notes\n');
        return folder.join('notes.csv');
      },
      'did not write',
    ],
    [
      'no folder',
      async () => folder.join('none', 'results.csv'),
      'it does not exist, or its folder does not (ENOENT)',
    ],
    ['a format that nobody knows', async () => folder.join('x.json'), 'ends in .csv or .ndjson'],
    ['a name without an ending', async () => folder.join('csv'), 'ends in .csv or .ndjson'],
  ])('never to %s', async (_title, make, message) => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    const results = await make(list.file);
    const before = await readFile(results, 'utf8').catch(() => null);
    const result = await list.run(['--results', results]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
    expect(server.requests).toHaveLength(0);
    expect(await readFile(results, 'utf8').catch(() => null)).toBe(before);
  });

  test('over those of an earlier run, and as NDJSON by the ending', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    const results = folder.join('out.ndjson');
    for (let round = 0; round < 2; round += 1) {
      expect(await list.run(['--results', results])).toMatchObject({ exitCode: 0 });
    }
    const row = JSON.parse(await readFile(results, 'utf8')) as Record<string, unknown>;
    expect(row).toMatchObject({ row: 1, login: 'client1', status: 'created', message: null });
    expect((await stat(results)).mode & 0o777).toBe(0o600);
  });

  test('not into a folder that is read-only', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    await chmod(folder.path, 0o500);
    const result = await asOrdinaryUser(folder.path, () => list.run(['--json']));
    await chmod(folder.path, 0o700);
    expect(result).toMatchObject({ exitCode: 1, error: { code: 'config_error' } });
    expect(server.requests).toHaveLength(0);
  });
});

test.each(['nul.csv', 'C:\\x\\COM1.csv'])('results go to no device: %s', async (name) => {
  const list = importing(folder, 'http://127.0.0.1:1');
  await list.write(csvOf('client1'));
  const args = ['plesk', 'client', 'import', list.file, '--results', name, '--json'];
  const { exitCode, error } = await runOxhost(args, {
    env: { OXHOST_API_KEY: 'key-0123456789abcdef' },
    platform: 'win32',
  });
  expect(exitCode).toBe(2);
  expect(error?.['message']).toContain('is a device');
});
