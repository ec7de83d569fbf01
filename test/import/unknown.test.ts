import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { answer, type Handler, startServer } from '../support/server.ts';
import {
  broken,
  byLogin,
  csvOf,
  exists,
  importing,
  logins,
  PASSWORD,
  rowsOf,
  summaryOf,
} from './files.ts';

const folder = folderForEachTest();

const NO_PASSWORDS = 'name,login,email\n';
const generated = (...names: string[]) =>
  NO_PASSWORDS + names.map((login) => `Example Client,${login},${login}@example.com\n`).join('');
const sent = (requests: readonly { json: unknown }[]) =>
  requests.map(({ json }) => json as { login: string; password: string });

/** A list of clients, all created but those of the rules, which can change later. */
async function start(rules: Record<string, Handler>, text: string) {
  let current = rules;
  const server = await startServer((...call) => byLogin(current)(...call));
  const list = importing(folder, server.url);
  await list.write(text);
  return {
    ...list,
    server,
    answerWith(next: Record<string, Handler>) {
      current = next;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

test("are listed for a person, with the server's words, and named as what comes first", async () => {
  await using list = await start(
    { client2: broken, client3: answer(500, { success: false, message: '=1+1 went wrong' }) },
    csvOf(...logins(3)),
  );
  const { stderr, exitCode } = await list.run();
  expect(exitCode).toBe(8);
  const listed = parse(await list.unknown()) as string[][];
  expect(listed[0]).toEqual(['row', 'login', 'name', 'email', 'answer', 'exists']);
  expect(
    listed.slice(1).map(([row, login, name, email, , exists]) => [row, login, name, email, exists]),
  ).toEqual([
    ['2', 'client2', 'Example Client', 'client2@example.com', ''],
    ['3', 'client3', 'Example Client', 'client3@example.com', ''],
  ]);
  expect(listed.slice(1).map(([, , , , answer]) => answer)).toEqual([
    'the server answered with status 502 and says "Bad gateway"',
    'the server answered with status 500 and says "=1+1 went wrong"',
  ]);
  expect(stderr).toContain(
    `  1. Look in the panel whether the 2 clients in ${list.journal}/unknown.csv are there, and write yes or no under exists.\n  2. Run the same command again:\n       oxhost plesk client import ${list.file}\n`,
  );
  expect((await list.resultRows())[1]).toMatchObject({
    status: 'unknown',
    message: expect.stringContaining('status 502'),
  });
});

test('yes is created by hand, no is sent once more with the same password, empty stays', async () => {
  const rules = { client1: broken, client2: broken, client3: broken };
  await using list = await start(rules, generated(...logins(4)));
  expect(await list.run(['--generate-passwords'])).toMatchObject({ exitCode: 8 });
  const before = new Map(
    sent(list.server.requests).map(({ login, password }) => [login, password]),
  );
  list.answerWith({});
  await list.answer({ client1: 'yes', client2: 'no' });
  const dry = await list.run(['--generate-passwords', '--dry-run', '--json']);
  expect(rowsOf(dry)).toMatchObject([
    { plan: 'skip', reason: 'exists, by your answer in unknown.csv' },
    { plan: 'send_again', reason: expect.stringContaining('the password kept from then') },
    { plan: 'skip', reason: expect.stringContaining('answer in unknown.csv') },
    { plan: 'skip' },
  ]);
  const second = await list.run(['--generate-passwords', '--json']);
  expect(second.exitCode).toBe(8);
  expect(summaryOf(second)).toMatchObject({ created: 1, already_created: 2, unknown: 1 });
  expect(sent(list.server.requests).slice(4)).toMatchObject([
    { login: 'client2', password: before.get('client2') },
  ]);
  expect(await list.resultRows()).toMatchObject([
    {
      status: 'created',
      generated_password: before.get('client1'),
      message: 'confirmed by hand',
    },
    { status: 'created', generated_password: before.get('client2') },
    { status: 'unknown', generated_password: before.get('client3') },
    { status: 'created', generated_password: before.get('client4') },
  ]);
  expect(await list.unknown()).toMatch(/^row,.*\n3,client3,.*,\n$/);
  // Nothing is left unknown, and no row is without its client.
  await list.answer({ client3: 'YES' });
  expect(await list.run(['--generate-passwords'])).toMatchObject({ exitCode: 0 });
  expect(await list.kept()).not.toContain('unknown.csv');
  expect(list.server.requests).toHaveLength(5);
});

test('a "no" that a failed run has taken is out of the file before its row is sent again', async () => {
  await using list = await start({ client1: broken, client2: broken }, csvOf(...logins(2)));
  await list.run();
  await list.answer({ client1: 'no' });
  const obstacle = `${list.journal}/unknown.csv.new`;
  await mkdir(obstacle);
  expect(await list.run()).toMatchObject({ exitCode: 1 });
  expect(list.server.requests).toHaveLength(2);
  await rmdir(obstacle);

  let listed = '';
  list.answerWith({
    client1: async (...call) => {
      listed = await list.unknown();
      return broken(...call);
    },
  });
  expect(await list.run()).toMatchObject({ exitCode: 8 });
  expect(parse(listed, { columns: true })).toMatchObject([{ login: 'client2', exists: '' }]);
  expect(list.server.requests).toHaveLength(3);
});

test.each([
  [
    'semicolons, a byte order mark and CRLF',
    (text: string) => `\uFEFF${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
  ],
  ['tabs', (text: string) => text.replaceAll(',', '\t')],
  ['a line `sep=`', (text: string) => `sep=;\n${text.replaceAll(',', ';')}`],
  ['all cells quoted', (text: string) => text.replace(/[^,\n]+/g, '"$&"')],
  ['other columns', () => 'exists,login,mine,row\nno,client1,x,1\n'],
])('the file is read back with %s', async (_name, change) => {
  await using list = await start({ client1: broken }, csvOf('client1'));
  await list.run();
  list.answerWith({});
  const path = `${list.journal}/unknown.csv`;
  const text = 'row,login,name,email,answer,exists\n1,client1,Example,a@example.com,Bad,no\n';
  await writeFile(path, change(text));
  expect(await list.run()).toMatchObject({ exitCode: 0 });
  expect(list.server.requests).toHaveLength(2);
});

test.each([
  [
    'another login in its row',
    '1,client2,,,,no',
    'line 2 has another login than the row that it names',
  ],
  [
    'a login that nobody knows',
    '1,client9,,,,yes',
    'line 2 has another login than the row that it names',
  ],
  ['another row', '2,client1,,,,yes', 'line 2 has another login than the row that it names'],
  [
    'neither yes nor no',
    '1,client1,,,,maybe',
    'line 2 has "maybe" under exists, which is neither yes nor no',
  ],
])('%s is refused, and nothing is sent', async (_name, line, words) => {
  await using list = await start({ client1: broken, client2: broken }, csvOf(...logins(2)));
  await list.run();
  const path = `${list.journal}/unknown.csv`;
  await writeFile(path, `row,login,name,email,answer,exists\n${line}\n`);
  for (const more of [[], ['--dry-run']]) {
    const { exitCode, error } = await list.run(['--json', ...more]);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'invalid_input', outcome: 'not_created' });
    expect(error?.['message']).toBe(`${path} ${words}.`);
  }
  expect(list.server.requests).toHaveLength(2);
});

test('an answer is about the attempt before it: after the next one it is not found again', async () => {
  await using list = await start({ client1: broken }, csvOf('client1', 'client2'));
  await list.run();
  await list.answer({ client1: 'no' });
  const seen: string[] = [];
  list.answerWith({
    async client1(...call) {
      // As it is while the request is out, and as a kill would leave it.
      seen.push(await list.unknown().catch(() => 'gone'));
      await broken(...call);
    },
  });
  expect(await list.run()).toMatchObject({ exitCode: 8 });
  expect(seen).toEqual(['gone']);
  expect(await list.unknown()).toMatch(/\n1,client1,.*,\n$/);
  expect(await list.run()).toMatchObject({ exitCode: 8 });
  expect(list.server.requests).toHaveLength(3);
});

test('--retry-unknown is no for all without an answer', async () => {
  await using list = await start({ client1: broken, client2: broken }, csvOf(...logins(2)));
  await list.run();
  list.answerWith({});
  await list.answer({ client1: 'yes' });
  expect(await list.run(['--retry-unknown'])).toMatchObject({ exitCode: 0 });
  expect(
    sent(list.server.requests)
      .map(({ login }) => login)
      .slice(2),
  ).toEqual(['client2']);
});

test('a row that was given another login is still reported, and can be settled', async () => {
  await using list = await start({ client1: broken }, csvOf('client1'));
  await list.run();
  list.answerWith({});
  await list.write(csvOf('client9'));
  const { stderr, exitCode } = await list.run();
  // It is no row of the file any more.
  expect(exitCode).toBe(0);
  expect(stderr).toContain('whether the client in ');
  expect(await list.resultRows()).toMatchObject([
    { row: '1', login: 'client9', status: 'created' },
    { row: '', line: '', login: 'client1', status: 'unknown', email: 'client1@example.com' },
  ]);
  await list.answer({ client1: 'no' });
  expect(await list.run()).toMatchObject({ exitCode: 0 });
  expect((await list.resultRows())[1]).toMatchObject({
    status: 'not_sent',
    message: 'not there, confirmed by hand',
  });
  expect(await list.kept()).not.toContain('unknown.csv');
  expect(list.server.requests).toHaveLength(2);
});

test('a row is sent once more with a fixed name, but not with another password', async () => {
  await using list = await start({ client1: broken }, csvOf('client1'));
  await list.run();
  list.answerWith({});
  await list.write(csvOf('client1').replace(PASSWORD, `${PASSWORD}2`));
  await list.answer({ client1: 'no' });
  const other = await list.run();
  expect(other.exitCode).toBe(8);
  expect(other.stderr).toContain('its password in the file is not the one that was sent');
  expect(list.server.requests).toHaveLength(1);
  // The answer stays for the next run.
  await list.write(csvOf('client1').replace('Example Client', 'Fixed Client'));
  expect(await list.run()).toMatchObject({ exitCode: 0 });
  expect(sent(list.server.requests).at(-1)).toMatchObject({
    name: 'Fixed Client',
    password: PASSWORD,
  });
});

describe('when it is sent once more', () => {
  test('and exists, the server is quoted; nobody says whose it is', async () => {
    await using list = await start({ client1: broken }, generated('client1'));
    await list.run(['--generate-passwords']);
    list.answerWith({ client1: exists });
    const result = await list.run(['--generate-passwords', '--retry-unknown', '--json']);
    expect(result.exitCode).toBe(3);
    const message =
      'probably created by an earlier attempt, which got no usable answer; the server refused it (status 409) and says "A client with this login already exists"';
    expect(rowsOf(result)).toMatchObject([{ status: 'already_exists', error: { message } }]);
    const [{ password } = { password: '' }] = sent(list.server.requests);
    expect(await list.resultRows()).toMatchObject([{ message, generated_password: password }]);
    expect(result.stderr + (await list.results())).not.toMatch(/yours/i);
  });
});
