import { expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { type Handler, startServer } from '../support/server.ts';
import { byLogin, csvOf, exists, importing } from './files.ts';

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

test('logins that exist already are reported by line, and sent again only when asked for', async () => {
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
