import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryInput } from '../support/memory-streams.ts';
import { runOxhost } from '../support/run.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { csvOf, gated, HEADER, importing, logins, PASSWORD, rowsOf, summaryOf } from './files.ts';

let folder: TemporaryFolder;
let server: TestServer;
beforeEach(async () => {
  folder = await temporaryFolder();
  server = await startServer();
});
afterEach(async () => {
  await server.close();
  await folder.close();
});

const good = (login: string) => `Example Client,${login},${login}@example.com,${PASSWORD}`;

async function check(text: string, args: readonly string[] = []) {
  const list = importing(folder, server.url);
  await list.write(text);
  const result = await list.run(['--json', ...args]);
  const fields = (result.error?.['fields'] ?? []) as { name: string; message: string }[];
  const warnings = result.errors.flatMap(
    (line) => (line['warning'] as { code: string; message: string }) ?? [],
  );
  return { ...result, fields, warnings, list };
}

describe('bad rows', () => {
  test('stop the run before the first request, each kind in a line', async () => {
    const text = `${csvOf('client1')}${good('client 2')}\nshort\n${good('client1')}\n`;
    const { exitCode, error, fields, list, stdout } = await check(text);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(error).toMatchObject({
      code: 'invalid_input',
      outcome: 'not_created',
      message: 'Nothing was sent: 3 of 4 rows cannot be used.',
      hint: expect.stringContaining('--skip-invalid'),
    });
    expect(fields).toContainEqual({
      name: 'row',
      message:
        'row has 1 cell where the header has 4 (spreadsheets drop empty ones at the end): 1 row (line 4)',
    });
    expect(fields.map(({ name }) => name)).toContain('login');
    expect(server.requests).toHaveLength(0);
    await expect(list.kept()).rejects.toThrow('ENOENT');
    const { stderr } = await list.run();
    expect(stderr).toContain('\n  login is the same as at line 2: 1 row (line 5)\n');
    expect(stderr).toContain(
      '\n  row has 1 cell where the header has 4 (spreadsheets drop empty ones at the end): 1 row (line 4)\n',
    );
  });

  test('without passwords name the option that makes some', async () => {
    const line = 'Example Client,client1,client1@example.com,\n';
    expect((await check(`${HEADER}\n${line}`)).error?.['hint']).toContain('--generate-passwords');
    expect((await check(`${HEADER}\n${good('-x')}\n`)).error?.['hint']).not.toContain('generate');
  });

  test('--skip-invalid leaves them out, and they are in output and results', async () => {
    const bad = `"Example, Client",client2,,${PASSWORD}`;
    const { list, ...result } = await check(
      `${csvOf('client1')}${bad}\n${good('client3')}\nshort,row\n`,
      ['--skip-invalid'],
    );
    expect(result.exitCode).toBe(3);
    expect(result.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'email is missing: 1 row (line 3).',
        '2 rows of 4 cannot be used and will be left out.',
      ]),
    );
    expect(rowsOf(result).filter(({ status }) => status === 'invalid')).toEqual([
      {
        row: 2,
        login: 'client2',
        status: 'invalid',
        id: null,
        plesk_client_id: null,
        error: { code: 'invalid_input', message: 'email is missing' },
      },
      expect.objectContaining({ row: 4 }),
    ]);
    expect(summaryOf(result)).toMatchObject({ rows: 4, created: 2, invalid: 2, not_sent: 0 });
    expect(await list.results()).toMatch(/^2,.*client2.*,email is missing$/m);
  });
});

test('generated passwords are as long as asked for, and the results have them', async () => {
  const lines = ['', '0123456789abcdef0123456789abcdef', '******'].map(
    (password, index) => `Example Client,client${index},client${index}@example.com,${password}`,
  );
  const { exitCode, list } = await check(`${HEADER}\n${lines.join('\n')}\n${good('client9')}\n`, [
    '--generate-passwords',
    '--password-length',
    '32',
  ]);
  expect(exitCode).toBe(0);
  const results = await list.results();
  expect(results).not.toContain(PASSWORD);
  for (const { json } of server.requests) {
    const { login, password } = json as { login: string; password: string };
    if (login === 'client9') expect(password).toBe(PASSWORD);
    else expect(password).toHaveLength(32);
    if (login !== 'client9') expect(results).toContain(password);
  }
});

describe('the mapping', () => {
  const words = 'Columns: name ← name; login ← login;';
  test.each<[string, string[], boolean, boolean]>([
    ['in a pipe', [], false, false],
    ['on a terminal', [], true, true],
    ['on a terminal, quietly', ['--quiet'], true, false],
    ['in a dry run', ['--dry-run'], false, true],
    ['with --debug', ['--debug'], false, true],
  ])('is shown or not: %s', async (_title, args, isTTY, isShown) => {
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    const { stderr } = await list.run(args, { isTTY: { stderr: isTTY } });
    expect(stderr.replace(/\s+/g, ' ').includes(words)).toBe(isShown);
  });
});

describe('the question', () => {
  const run = async (list: ReturnType<typeof importing>, key: string, args: string[] = []) => {
    const stdin = new MemoryInput(undefined, { isTTY: true });
    const running = await list.start(args, { isTTY: true, stdin, columns: 400 });
    const wait = setInterval(() => {
      if (!running.stderr.text.includes('Create ')) return;
      clearInterval(wait);
      stdin.feed(key);
    }, 20);
    const result = await running.finished;
    clearInterval(wait);
    return result;
  };

  test('names how many will be sent, and is not asked where that is none', async () => {
    const list = importing(folder, server.url);
    await list.write(csvOf('client1', 'client2'));
    const no = await run(list, 'n\r');
    expect(no.exitCode).toBe(130);
    expect(no.stderr).toContain('You answered no; nothing was sent.');
    expect(no.stderr).toContain(`Create 2 clients at ${server.url}, 4 at a time?`);
    expect(server.requests).toHaveLength(0);
    expect(await run(list, 'y\r')).toMatchObject({ exitCode: 0 });
    const none = await run(list, '');
    expect(none.exitCode).toBe(0);
    expect(none.stderr).toContain('No row of the file is to be sent.');
    await list.write(csvOf('client1', 'client2', 'client3'));
    const one = await run(list, 'y\r', ['--concurrency', '1']);
    expect(one.stderr).toContain('Create 1 client at');
    expect(one.stderr).toContain('1 at a time (2 rows skipped)?');
    expect(server.requests).toHaveLength(3);
  });

  test('is not asked with --yes, nor of a script', async () => {
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    expect(await run(list, '', ['--yes'])).toMatchObject({ exitCode: 0 });
    await list.write(csvOf('client2'));
    const script = await list.run();
    expect(script.exitCode).toBe(0);
    expect(script.stderr).not.toContain('Create ');
  });
});

describe('files that hold nothing, or no text', () => {
  test.each([
    ['nothing at all', ''],
    ['a byte order mark', '\uFEFF'],
    ['white space', ' \n\r\n  '],
    ['a header only', `${HEADER}\n`],
    ['an empty array', ' [ ]\n', 'json'],
    ['nothing in place of an array', '\n', 'json'],
    ['lines without objects', '\n\n', 'ndjson'],
  ])('%s is an error, and makes no journal', async (_title, text, format = 'csv') => {
    for (const args of [[], ['--dry-run']]) {
      const { exitCode, error, stdout, list } = await check(text, ['--format', format, ...args]);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(error).toMatchObject({
        code: 'invalid_input',
        outcome: 'not_created',
        message: `Nothing was sent: ${list.file} holds no clients.`,
      });
      await expect(list.kept()).rejects.toThrow('ENOENT');
    }
  });

  test('a list without a header line shows none of its cells', async () => {
    const { exitCode, error, stderr } = await check(
      'Example Client,client1,Pa55-word!\nExample Client,client2,Pa55-word!\n',
    );
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      message: 'Nothing was sent: the first line does not look like names of columns.',
      hint: expect.stringContaining('name,login,email,password'),
    });
    expect(stderr).not.toMatch(/Pa55|Example Client|client1/);
  });

  test('a file that is edited while it is sent is no matter: it was read whole', async () => {
    const gate = gated();
    await using slow = await startServer(gate.handler);
    const list = importing(folder, slow.url);
    await list.write(csvOf(...logins(20)));
    const running = await list.start(['--concurrency', '1']);
    await gate.arrived;
    await list.write('something else');
    gate.open();
    expect(await running.finished).toMatchObject({ exitCode: 0 });
    expect(slow.requests).toHaveLength(20);
  });
});

test('Ctrl-C ends the check of a long file', async () => {
  const list = importing(folder, server.url);
  const rows = logins(200_000).map((login) => `${good(login)}\n`);
  await list.write(`${HEADER}\n${rows.join('')}`);
  const running = await list.start(['--json']);
  setImmediate(() => running.signal('SIGINT'));
  const { exitCode, error } = await running.finished;
  expect(exitCode).toBe(130);
  expect(error).toMatchObject({ code: 'cancelled', outcome: 'not_created' });
  expect(server.requests).toHaveLength(0);
});

test.each<[string, string, string]>([
  [
    'NDJSON',
    'clients.ndjson',
    '{"login":"client1","name":"Example Client","email":"a@example.com","password":"PASS"}\n\n{"login":"client2","name":"Example Client","email":"b@example.com","password":"PASS"}\n',
  ],
  [
    'what WHMCS exports',
    'clients.csv',
    'id,firstname,lastname,companyname,email,password,username,status\n1,Example,Client,,a@example.com,PASS,client1,Active\n2,Example,Client,,b@example.com,PASS,client2,Active\n',
  ],
])('%s gives the same requests', async (_title, name, text) => {
  const file = folder.join(name);
  await writeFile(file, text.replaceAll('PASS', PASSWORD));
  const result = await runOxhost(['plesk', 'client', 'import', file], {
    env: { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: server.url },
  });
  expect(result).toMatchObject({ exitCode: 0 });
  const sent = server.requests.map(({ json }) => json as Record<string, string>);
  expect(sent.sort((a, b) => ((a['login'] ?? '') < (b['login'] ?? '') ? -1 : 1))).toEqual([
    { name: 'Example Client', login: 'client1', email: 'a@example.com', password: PASSWORD },
    { name: 'Example Client', login: 'client2', email: 'b@example.com', password: PASSWORD },
  ]);
});
