import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { csvOf, logins, PASSWORD } from '../import/files.ts';
import { runProcess } from '../support/process.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();

const ndjsonOf = (...names: string[]) =>
  names
    .map((login) => ({ name: 'Example Client', login, email: `${login}@example.com` }))
    .map((row) => `${JSON.stringify({ ...row, password: PASSWORD })}\n`)
    .join('');

test.each([
  ['csv', csvOf],
  ['ndjson', ndjsonOf],
])('%s from a pipe is imported, and the same command continues', async (format, textOf) => {
  await using server = await startServer();
  await using folder = await temporaryFolder();
  const args = ['plesk', 'client', 'import', '-', '--format', format, '--json'];
  const run = (input: string, journal: string) =>
    runProcess(toolRuntime(), [launcher, ...args, '--journal', journal], {
      env: {
        OXHOST_API_KEY: 'test-key-0001',
        OXHOST_API_URL: server.url,
        OXHOST_CONFIG_DIR: folder.join('config'),
      },
      cwd: folder.path,
      input,
    });
  const first = await run(textOf(...logins(3)), 'moved');
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout.trimEnd().split('\n')).toHaveLength(3);
  // The same folder, once by a relative and once by its full path.
  for (const [journal, count] of [
    ['moved', 4],
    [folder.join('moved'), 5],
  ] as const) {
    const again = await run(textOf(...logins(count)), journal);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain(`"already_created":${count - 1}`);
  }
  expect(server.requests).toHaveLength(5);
  expect(await readdir(folder.join('moved'))).not.toContainEqual(expect.stringContaining('spool'));
});
