import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOxhost } from '../support/run.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { csvOf, HEADER, importing, logins, PASSWORD, rowsOf, summaryOf } from './files.ts';

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

const MASK = 'password is a mask, not a password';

describe('bad rows', () => {
  test.each<[string, string, string]>([
    ['a missing name', `,client2,client2@example.com,${PASSWORD}`, 'name is missing'],
    ['a blank login', `Example Client,  ,client2@example.com,${PASSWORD}`, 'login is missing'],
    ['a missing e-mail address', `Example Client,client2,,${PASSWORD}`, 'email is missing'],
    ['a missing password', 'Example Client,client2,client2@example.com,', 'password is missing'],
    [
      'a hash for a password',
      'Example Client,client2,client2@example.com,$2y$10$abcdefghijklmnopqrstuv',
      'not a hash',
    ],
    ['stars for a password', 'Example Client,client2,client2@example.com,********', MASK],
    ['bullets', 'Example Client,client2,client2@example.com,\u2022\u2022\u2022', MASK],
    ['an x again and again', 'Example Client,client2,client2@example.com,xxxxxxxx', MASK],
    [
      'several addresses',
      `Example Client,client2,"a@example.com,b@example.com",${PASSWORD}`,
      'one address',
    ],
    ['a space in a login', good('client 2'), 'white space'],
    [
      'a space at its edge',
      `Example Client, client2,client2@example.com,${PASSWORD}`,
      'white space',
    ],
    ['too few cells', 'Example Client,client2', 'has 2 cells where the header has 4'],
    ['too many cells', `${good('client2')},more`, 'has 5 cells where the header has 4'],
    ['a control character', good('client\u00072'), 'control character'],
    [
      'a line break in a login',
      `Example Client,"client\n2",client2@example.com,${PASSWORD}`,
      'line break',
    ],
    ['the same login twice', good('client1'), 'login is the same as at line 2'],
  ])('%s stops the run before the first request', async (_title, line, message) => {
    const { exitCode, error, fields, list, stdout } = await check(
      `${csvOf('client1')}${line}\n${good('client9')}\n`,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(error).toMatchObject({ code: 'invalid_input', outcome: 'not_created' });
    expect(fields).toEqual([{ name: 'row 2 (line 3)', message: expect.stringContaining(message) }]);
    expect(server.requests).toHaveLength(0);
    await expect(list.kept()).rejects.toThrow('ENOENT');
  });

  test('all of a row and all rows are told at once, by line, without their values', async () => {
    const text = `${csvOf('client1')}\nExample Client,-x,x,"p w"\n${good('client1')}\n`;
    const { fields, stderr } = await check(text);
    expect(fields.map(({ name }) => name)).toEqual(['row 2 (line 4)', 'row 3 (line 5)']);
    expect(fields[0]?.message).toMatch(/login must.*; email must.*; password must/);
    expect(stderr).not.toContain('p w');
    const list = importing(folder, server.url);
    const { stderr: words } = await list.run();
    expect(words).toContain('\n  row 3 (line 5): login is the same as at line 2\n');
    expect(words).toContain('2 of 3 rows cannot be used');
  });

  test.each([
    [10_000, 'cannot be used.'],
    [11_234, 'cannot be used; the first 10,000 are listed.'],
  ])('of %i all are listed, up to ten thousand', async (count, end) => {
    const lines = logins(count).map((login) => `,${login},${login}@example.com,${PASSWORD}`);
    const { fields, error, list } = await check(`${HEADER}\n${lines.join('\n')}\n`);
    expect(fields).toHaveLength(10_000);
    expect(fields.at(-1)).toEqual({ name: 'row 10000 (line 10001)', message: 'name is missing' });
    expect(error?.['message']).toContain(end);
    const { stderr } = await list.run();
    expect(stderr.match(/^ {2}row \d+ \(line \d+\): name is missing$/gm)).toHaveLength(10_000);
  });

  test('with --dry-run the plan of the other rows is shown all the same', async () => {
    const text = `${csvOf('client1')}${good('-x')}\nshort\n${good('client4')}\n`;
    const result = await check(text, ['--dry-run']);
    expect(result.exitCode).toBe(2);
    expect(rowsOf(result)).toEqual([
      { row: 1, login: 'client1', plan: 'create', reason: null },
      {
        row: 2,
        login: '-x',
        plan: 'invalid',
        reason: expect.stringMatching(/^line 3: login must start/),
      },
      {
        row: 3,
        login: '',
        plan: 'invalid',
        reason: 'line 4: has 1 cell where the header has 4',
      },
      { row: 4, login: 'client4', plan: 'create', reason: null },
    ]);
    expect(result.fields.map(({ name }) => name)).toEqual(['row 2 (line 3)', 'row 3 (line 4)']);
    expect(result.errors).toContainEqual({
      note: { code: 'dry_run', message: expect.stringContaining('and 2 cannot be used') },
    });
  });

  test('--skip-invalid leaves them out, and they are in output, results and a file to mend', async () => {
    const bad = `"Example, Client",client2,,${PASSWORD}`;
    const { exitCode, stdout, list, ...result } = await check(
      `${csvOf('client1')}${bad}\n${good('client3')}\nshort,row\n`,
      ['--skip-invalid'],
    );
    expect(exitCode).toBe(3);
    const rows = rowsOf({ ...result, exitCode, stdout });
    expect(rows.filter(({ status }) => status === 'invalid')).toEqual([
      {
        row: 2,
        login: 'client2',
        status: 'invalid',
        id: null,
        plesk_client_id: null,
        error: { code: 'invalid_input', message: 'email is missing' },
      },
      expect.objectContaining({ row: 4, login: '' }),
    ]);
    expect(summaryOf({ ...result, exitCode, stdout })).toMatchObject({
      rows: 4,
      created: 2,
      invalid: 2,
      not_sent: 0,
    });
    expect(await list.results()).toContain('2,client2,invalid,,,,email is missing\n');
    const rejected = await folder.join('clients.csv.oxhost', 'rejected.csv');
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(rejected, 'utf8')).toBe(
      [
        `${HEADER},oxhost_error`,
        `"Example, Client",client2,,${PASSWORD},email is missing`,
        'short,row,has 2 cells where the header has 4',
        '',
      ].join('\n'),
    );
  });
});

describe('what is only worth a warning', () => {
  test('is told once by its kind, with a count and the first lines', async () => {
    const many = logins(9).map(
      (login) => `Example & Client,${login},${login}@example.com,${PASSWORD}`,
    );
    const { exitCode, warnings } = await check(`${HEADER}\n${many.join('\n')}\n`);
    expect(exitCode).toBe(0);
    const found = warnings.filter(({ code }) => code === 'markup_characters');
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('9 rows (lines 2, 3, 4, 5, 6, …)');
  });

  test('logins that differ in case or Unicode form, and repeated addresses', async () => {
    const same = (login: string) => `Example Client,${login},same@example.com,${PASSWORD}`;
    const { warnings, exitCode } = await check(
      `${HEADER}\n${same('client1')}\n${same('Client1')}\n${good('caf\u00e9')}\n${good('cafe\u0301')}\n`,
    );
    expect(exitCode).toBe(0);
    const messages = warnings.map(({ code, message }) => `${code} ${message}`);
    expect(messages).toContainEqual(expect.stringMatching(/^login_alike .*2 rows \(lines 3, 5\)/));
    expect(messages).toContainEqual(
      expect.stringMatching(/^email_repeated .*2 rows \(lines 3, 5\)/),
    );
    expect(server.requests).toHaveLength(4);
  });

  test('clients that are closed, which are created all the same', async () => {
    const { warnings, exitCode } = await check(
      `${HEADER},status\n${good('client1')},Active\n${good('client2')},Closed\n`,
    );
    expect(exitCode).toBe(0);
    expect(warnings).toContainEqual({
      code: 'inactive',
      message: expect.stringContaining('"status" is "Closed"'),
    });
  });

  test('passwords that are made for those that are missing or hashed', async () => {
    const { warnings, exitCode, list } = await check(
      `${HEADER}\n${good('client1')}\nExample Client,client2,client2@example.com,\nExample Client,client3,client3@example.com,0123456789abcdef0123456789abcdef\nExample Client,client4,client4@example.com,******\n`,
      ['--generate-passwords', '--password-length', '32'],
    );
    expect(exitCode).toBe(0);
    expect(warnings.filter(({ code }) => code === 'password_generated')).toHaveLength(3);
    const passwords = new Map(
      server.requests.map(({ json }) => {
        const { login, password } = json as { login: string; password: string };
        return [login, password];
      }),
    );
    expect(passwords.get('client1')).toBe(PASSWORD);
    expect(passwords.get('client2')).toHaveLength(32);
    expect(passwords.get('client3')).toHaveLength(32);
    expect(passwords.get('client4')).toHaveLength(32);
    const results = await list.results();
    expect(results).not.toContain(PASSWORD);
    for (const login of ['client2', 'client3', 'client4']) {
      expect(results).toMatch(
        new RegExp(
          `,${login},created,[^,]+,123,${passwords.get(login)?.replace(/[?*]/g, '\\$&')},`,
        ),
      );
    }
  });
});

describe('files that hold nothing, or no text', () => {
  test.each([
    ['nothing at all', '', 'is empty'],
    ['a byte order mark', '\uFEFF', 'is empty'],
    ['white space', ' \n\r\n  ', 'is empty'],
    ['a header only', `${HEADER}\n`, 'names columns but has no rows below them'],
    ['an empty array', ' [ ]\n', 'holds no clients', 'json'],
    ['nothing in place of an array', '\n', 'holds no clients', 'json'],
    ['lines without objects', '\n\n', 'holds no clients', 'ndjson'],
  ])('%s is an error, and makes no journal', async (_title, text, what, format = 'csv') => {
    for (const args of [[], ['--dry-run']]) {
      const { exitCode, error, stdout, list } = await check(text, ['--format', format, ...args]);
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(error).toMatchObject({
        code: 'invalid_input',
        outcome: 'not_created',
        message: `Nothing was sent: ${list.file} ${what}.`,
      });
      await expect(list.kept()).rejects.toThrow('ENOENT');
    }
  });

  test('what a spreadsheet saves as its own is named', async () => {
    const { exitCode, error } = await check('PK\x03\x04\x14\0\x06\0');
    expect(exitCode).toBe(2);
    expect(error?.['message']).toMatch(/^The file looks like an Excel workbook .* CSV in UTF-8\.$/);
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

  test('a nameless column at the end, and one that is there twice, do not matter', async () => {
    const { exitCode } = await check(`phone,${HEADER},phone,\n1,${good('client1')},2,\n`);
    expect(exitCode).toBe(0);
    expect(server.requests[0]?.json).toMatchObject({ login: 'client1', name: 'Example Client' });
  });

  test('bytes that are not UTF-8 are refused at their offset', async () => {
    const list = importing(folder, server.url);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      list.file,
      Buffer.from(`${csvOf('client1')}M\u00fcller,client2,x@example.com,p`, 'latin1'),
    );
    const result = await list.run(['--json']);
    expect(result).toMatchObject({ exitCode: 2, error: { code: 'invalid_input' } });
    expect(result.error?.['message']).toMatch(/\d+/);
    expect(result.error?.['hint']).toBe(
      `Save the file as UTF-8: iconv -f WINDOWS-1252 -t UTF-8 ${list.file} > ${folder.join('clients-utf8.csv')}`,
    );
    expect(server.requests).toHaveLength(0);
  });
});

test('Ctrl-C ends the first look at a long array', async () => {
  const file = folder.join('clients.json');
  const piece = ',\n{"login":"client1","name":"Example Client","email":"client1@example.com"}';
  await writeFile(file, `[{}${piece.repeat(300_000)}]`);
  const env = { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: server.url };
  const running = await startOxhost(['plesk', 'client', 'import', file, '--json'], { env });
  await new Promise((resolve) => setTimeout(resolve, 150));
  running.signal('SIGINT');
  const { exitCode, error, errors } = await running.finished;
  expect(exitCode).toBe(130);
  expect(error).toMatchObject({ code: 'cancelled', outcome: 'not_created' });
  // The columns were not known yet.
  expect(errors).toHaveLength(1);
});

test.each<[string, string, string]>([
  [
    'NDJSON',
    'clients.ndjson',
    '{"login":"client1","name":"Example Client","email":"a@example.com","password":"PASS"}\n\n{"login":"client2","name":"Example Client","email":"b@example.com","password":"PASS"}\n',
  ],
  [
    'a JSON array',
    'clients.json',
    '[{"login":"client1","name":"Example Client","email":"a@example.com","password":"PASS"},\n{"login":"client2","name":"Example Client","email":"b@example.com","password":"PASS"}]',
  ],
  [
    'TSV',
    'clients.tsv',
    'login\tname\temail\tpassword\nclient1\tExample Client\ta@example.com\tPASS\nclient2\tExample Client\tb@example.com\tPASS\n',
  ],
  [
    'semicolons',
    'clients.csv',
    'login;name;email;password\nclient1;Example Client;a@example.com;PASS\nclient2;Example Client;b@example.com;PASS\n',
  ],
  [
    'what WHMCS exports',
    'clients.csv',
    'id,firstname,lastname,companyname,email,password,username,status\n1,Example,Client,,a@example.com,PASS,client1,Active\n2,Example,Client,,b@example.com,PASS,client2,Active\n',
  ],
])('%s gives the same requests', async (_title, name, text) => {
  const { runOxhost } = await import('../support/run.ts');
  const { writeFile } = await import('node:fs/promises');
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
