import { expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { answer, type Handler, startServer } from '../support/server.ts';
import { byLogin, csvOf, exists, importing, logins, summaryOf } from './files.ts';

const folder = folderForEachTest();

test('results have a row that repeats a login, and the one that was sent', async () => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  await list.write(csvOf('client1', 'client2', 'client1'));
  for (let round = 0; round < 2; round += 1) {
    expect(await list.run(['--skip-invalid'])).toMatchObject({ exitCode: 3 });
    const rows = await list.resultRows();
    expect(rows.map(({ row, line, login, status }) => [row, line, login, status].join())).toEqual([
      '1,2,client1,created',
      '2,3,client2,created',
      '3,4,client1,invalid',
    ]);
    expect(rows[2]?.['message']).toBe('login is the same as at line 2');
  }
});

test('results are in order however the answers come', async () => {
  await using server = await startServer(async (request, response, index) => {
    await new Promise((resolve) => setTimeout(resolve, (index % 5) * 4));
    await byLogin({})(request, response, index);
  });
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(60)).replace('client31@', 'no address'));
  await list.run(['--skip-invalid', '--concurrency', '8']);
  expect((await list.resultRows()).map(({ login }) => login)).toEqual(logins(60));
});

test("the server's words do not spoil the results", async () => {
  const words = 'bad \u001b[31mcompany\u001b[0m,\nor\u202e not';
  let handler: Handler = answer(422, { success: false, message: words });
  await using server = await startServer((...call) => handler(...call));
  const list = importing(folder, server.url);
  await list.write(csvOf('client1'));
  expect(await list.run()).toMatchObject({ exitCode: 3 });
  const text = await list.results();
  expect(text).not.toMatch(/[\u0000-\u0009\u001b\u202e]/);
  expect(text).toContain('bad company, or not');
  expect(text.trimEnd().split('\n')).toHaveLength(2);
  handler = byLogin({});
  expect(await list.run(['--retry-rejected'])).toMatchObject({ exitCode: 0 });
});

test('logins that exist already are told by line, and sent again only when asked for', async () => {
  let handler: Handler = byLogin({ client1: exists });
  await using server = await startServer((...call) => handler(...call));
  const list = importing(folder, server.url);
  await list.write(csvOf('client1', 'client2'));
  const { stderr, exitCode } = await list.run();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('1 row with a login that exists already (line 2)');
  handler = byLogin({});
  expect(await list.run()).toMatchObject({ exitCode: 3 });
  expect(server.requests).toHaveLength(2);
  await list.write(csvOf('client1', 'client2').replace('client1@', 'other@'));
  expect(await list.run()).toMatchObject({ exitCode: 3 });
  expect(server.requests).toHaveLength(2);
  expect(await list.run(['--retry-rejected'])).toMatchObject({ exitCode: 0 });
  expect(server.requests).toHaveLength(3);
});

test('rows that are created are not warned of again', async () => {
  await using server = await startServer(byLogin({ client2: answer(401, { error: 'no' }) }));
  const list = importing(folder, server.url);
  const rows = logins(2).map((login) => `Example Client,${login},${login}@example.com,***`);
  await list.write(`name,login,email,password\n${rows.join('\n')}\n`);
  const first = await list.run(['--generate-passwords', '--concurrency', '1']);
  expect(first.stderr).toContain('a new one is generated: 2 rows (lines 2, 3)');
  const again = await list.run(['--generate-passwords', '--json']);
  // Nor of the other: its password is the one that was kept.
  expect(again.stderr).not.toContain('a new one is generated');
  expect(summaryOf(again)).toMatchObject({ already_created: 1 });
});
