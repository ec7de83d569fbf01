import { appendFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { type Handler, startServer } from '../support/server.ts';
import { byLogin, csvOf, gated, importing, logins, rowsOf } from './files.ts';

const folder = folderForEachTest();

describe('a file that changes while it is imported', () => {
  test.each<[string, (file: string) => Promise<void>]>([
    ['appended to', (file) => appendFile(file, csvOf('client99').split('\n')[1] ?? '')],
    [
      'written anew',
      (file) => writeFile(file, csvOf(...logins(40)).replace('client40', 'other40')),
    ],
    ['gone', (file) => rm(file)],
  ])('%s stops the run before the next request', async (_title, change) => {
    const gate = gated();
    await using server = await startServer(gate.handler);
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(40)));
    const running = await list.start(['--concurrency', '1', '--json']);
    await gate.arrived;
    await change(list.file);
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.open();
    const result = await running.finished;
    expect(result.exitCode).toBe(1);
    expect(result.error?.['message']).toContain('changed while it was being imported');
    expect(server.requests).toHaveLength(1);
    expect(rowsOf(result)).toHaveLength(1);
  });
});

describe('a file that changes after it was read', () => {
  test('while the next row waits for its turn stops the run before that is sent', async () => {
    await using server = await startServer();
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(5)));
    let slept = 0;
    const result = await list.run(['--concurrency', '1', '--rate', '1', '--json'], {
      system: {
        monotonic: () => performance.now() + slept,
        async sleep(milliseconds) {
          slept += milliseconds;
          await appendFile(list.file, 'x');
        },
      },
    });
    expect(slept).toBeGreaterThan(0);
    expect(result.exitCode).toBe(1);
    expect(result.error?.['message']).toContain('changed while it was being imported');
    expect(server.requests).toHaveLength(1);
    expect(rowsOf(result)).toMatchObject([{ login: 'client1', status: 'created' }]);
  });

  test('to its end is told: rows that were added are not taken for imported', async () => {
    const addRow: Handler = async (...call) => {
      await appendFile(list.file, csvOf('client3').split('\n')[1] ?? '');
      await byLogin({})(...call);
    };
    await using server = await startServer(byLogin({ client2: addRow }));
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(2)));
    const result = await list.run(['--concurrency', '1', '--json']);
    expect(rowsOf(result).map(({ status }) => status)).toEqual(['created', 'created']);
    expect(result.exitCode).toBe(1);
    expect(result.error?.['message']).toContain('changed while it was being imported');
    expect(await list.run(['--json'])).toMatchObject({ exitCode: 0 });
    expect(server.requests.map(({ json }) => (json as { login: string }).login)).toEqual(logins(3));
  });
});
