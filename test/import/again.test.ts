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

test('results have a row that repeats a login, beside the one that was sent', async () => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  await list.write(csvOf('client1', 'client2', 'client1'));
  for (let round = 0; round < 2; round += 1) {
    expect(await list.run(['--skip-invalid'])).toMatchObject({ exitCode: 3 });
    const lines = (await list.results()).trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(',').slice(0, 3).join())).toEqual([
      '1,client1,created',
      '2,client2,created',
      '3,client1,invalid',
    ]);
    expect(lines[2]).toContain('login is the same as at line 2');
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
  const lines = (await list.results()).trimEnd().split('\n').slice(1);
  expect(lines.map((line) => line.split(',')[1])).toEqual(logins(60));
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

test('logins that exist already are said to be of others, and sent again only when asked for', async () => {
  let handler: Handler = byLogin({ client1: exists });
  await using server = await startServer((...call) => handler(...call));
  const list = importing(folder, server.url);
  await list.write(csvOf('client1', 'client2'));
  const { stderr, exitCode } = await list.run();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('Those that exist already were not made by this import');
  handler = byLogin({});
  expect(await list.run()).toMatchObject({ exitCode: 3 });
  expect(server.requests).toHaveLength(2);
  await list.write(csvOf('client1', 'client2').replace('client1@', 'other@'));
  expect(await list.run()).toMatchObject({ exitCode: 3 });
  expect(server.requests).toHaveLength(2);
  expect(await list.run(['--retry-rejected'])).toMatchObject({ exitCode: 0 });
  expect(server.requests).toHaveLength(3);
});

describe('unknown rows', () => {
  test('whose login was changed in the file are still told', async () => {
    let handler: Handler = byLogin({ client1: broken });
    await using server = await startServer((...call) => handler(...call));
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    expect(await list.run()).toMatchObject({ exitCode: 8 });
    handler = byLogin({});
    await list.write(csvOf('client9'));
    const { stderr } = await list.run();
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      `warning: One client of this journal that the file does not name is still unknown: see ${list.journal}/results.csv.`,
    );
  });

  test('are sent once more with a mended name, but not with another password', async () => {
    let handler: Handler = byLogin({ client1: broken });
    await using server = await startServer((...call) => handler(...call));
    const list = importing(folder, server.url);
    await list.write(csvOf('client1'));
    expect(await list.run()).toMatchObject({ exitCode: 8 });
    handler = byLogin({});
    await list.write(csvOf('client1').replace(PASSWORD, `${PASSWORD}2`));
    const other = await list.run(['--retry-unknown', '--json']);
    expect(rowsOf(other)[0]).toMatchObject({ status: 'unknown' });
    expect(server.requests).toHaveLength(1);
    await list.write(csvOf('client1').replace('Example Client', 'Mended Client'));
    expect(await list.run(['--retry-unknown'])).toMatchObject({ exitCode: 0 });
    expect(server.requests.at(-1)?.json).toMatchObject({
      name: 'Mended Client',
      password: PASSWORD,
    });
  });

  test('are listed by login, as text and beside the JSON lines, also by a later run', async () => {
    await using server = await startServer(byLogin({ client2: broken, client3: broken }));
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(3)));
    for (let round = 0; round < 2; round += 1) {
      const { stderr, exitCode } = await list.run();
      expect(exitCode).toBe(8);
      expect(stderr).toContain('Look for these logins in the panel:\n    client2, client3\n');
    }
    const json = await list.run(['--json']);
    expect(json.stdout).toBe('');
    expect(json.errors.map(({ note }) => (note as { message?: string })?.message)).toContain(
      'Unknown; look for these logins in the panel: client2, client3',
    );
  });

  test('that exist already when sent once more are said to be yours', async () => {
    let handler: Handler = broken;
    await using server = await startServer((...call) => handler(...call));
    const list = importing(folder, server.url);
    await list.write('name,login,email\nExample Client,client1,client1@example.com\n');
    await list.run(['--generate-passwords']);
    handler = exists;
    const sentence = 'probably created by the earlier, unknown attempt';
    for (const more of [['--retry-unknown'], []]) {
      const result = await list.run(['--generate-passwords', ...more]);
      expect(result.exitCode).toBe(3);
      expect(result.stderr.replace(/\s+/g, ' ')).toContain(sentence);
    }
    // A login that was taken from the start is not.
    await list.write('name,login,email\nExample Client,client2,client2@example.com\n');
    expect((await list.run(['--generate-passwords'])).stderr).not.toContain('earlier, unknown');
  });
});

test('rows that are created are not warned of again', async () => {
  await using server = await startServer(byLogin({ client2: answer(401, { error: 'no' }) }));
  const list = importing(folder, server.url);
  const rows = logins(2).map((login) => `Example Client,${login},${login}@example.com,***`);
  await list.write(`name,login,email,password\n${rows.join('\n')}\n`);
  const first = await list.run(['--generate-passwords', '--concurrency', '1']);
  expect(first.stderr).toContain('a new one is generated: 2 rows (lines 2, 3)');
  const again = await list.run(['--generate-passwords', '--json']);
  expect(again.stderr).toContain('a new one is generated: 1 row (line 3)');
  expect(summaryOf(again)).toMatchObject({ already_created: 1 });
});
