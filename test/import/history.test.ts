import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { runOxhost } from '../support/run.ts';
import { type Handler, startServer } from '../support/server.ts';
import { broken, byLogin, csvOf, importing, logins, refused } from './files.ts';

const folder = folderForEachTest();

/** Logins in the history of a settings folder, newest first. */
async function historyOf(env: Record<string, string>) {
  const { stdout } = await runOxhost(['history', '--json'], { env });
  return JSON.parse(stdout) as { login: string; ids: Record<string, string> }[];
}

test('created clients are in the history once, those of a killed run too; no others', async () => {
  let rules: Record<string, Handler> = { client2: refused, client3: broken };
  await using server = await startServer((...call) => byLogin(rules)(...call));
  const list = importing(folder, server.url);
  await list.write(csvOf(...logins(3)));
  const env = { OXHOST_CONFIG_DIR: folder.join('config') };
  for (let round = 0; round < 2; round += 1) {
    expect(await list.run([], { env })).toMatchObject({ exitCode: 8 });
    expect(await historyOf(env)).toMatchObject([
      {
        operation: 'plesk client create',
        login: 'client1',
        origin: server.url,
        ids: { id: expect.any(String), plesk_client_id: '123' },
        state: 'created',
      },
    ]);
  }
  rules = {};
  await list.answer({ client3: 'yes' });
  await list.run(['--retry-rejected'], { env });
  expect((await historyOf(env)).map(({ login }) => login).sort()).toEqual(logins(3));

  // As a run leaves it that is killed when its rows are created.
  const path = `${list.journal}/journal.ndjson`;
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.filter((line) => !line.includes('"in_history"')).join('\n'));
  const other = { OXHOST_CONFIG_DIR: folder.join('other') };
  await list.run([], { env: other });
  expect((await historyOf(other)).map(({ login }) => login).sort()).toEqual(logins(3));
});

test('a history that cannot be kept is a warning; trials are not noted', async () => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  await list.write(csvOf('client1'));
  const env = { OXHOST_CONFIG_DIR: folder.join('config') };
  await list.run(['--sandbox'], { env: { ...env, TMPDIR: folder.path } });
  expect(await historyOf(env)).toEqual([]);
  await writeFile(folder.join('file'), '');
  const result = await list.run([], { env: { OXHOST_CONFIG_DIR: folder.join('file') } });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain('The new clients are not in the history.');
  // The next run that can notes them.
  await list.run([], { env });
  expect(await historyOf(env)).toMatchObject([{ login: 'client1' }]);
});
