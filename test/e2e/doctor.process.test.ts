import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type BuiltTool, buildTool } from './built-tool.ts';

let tool: BuiltTool;
let dist: string;
beforeEach(async () => {
  tool = await buildTool();
  dist = path.join(path.dirname(tool.launcher), '..', 'dist');
});
afterEach(() => tool.close());

async function run(...args: string[]) {
  await using folder = await temporaryFolder();
  return runProcess(process.execPath, [tool.launcher, ...args, '--json', '--sandbox'], {
    env: { OXHOST_CONFIG_DIR: folder.join('config') },
  });
}
const doctor = () => run('doctor');
const create = () =>
  run(
    ...['plesk', 'client', 'create', '--generate-password', '--name', 'Example Client'],
    ...['--login', 'client1', '--email', 'client1@example.com'],
  );

/** Takes files of the built tool away: whoever needs one cannot run any more. */
async function remove(which: (name: string, text: string) => boolean): Promise<number> {
  let count = 0;
  for (const name of await readdir(dist)) {
    const text = await readFile(path.join(dist, name), 'utf8');
    if (!name.endsWith('.js') || !which(name, text)) continue;
    await rm(path.join(dist, name));
    count += 1;
  }
  return count;
}

test('needs neither got, conf, inquirer nor ora', async () => {
  const marks = /ERR_GOT_REQUEST_ERROR|onfig schema violation|ExitPromptError|dots12/;
  expect(await remove((_name, text) => marks.test(text))).toBeGreaterThanOrEqual(4);
  const { exitCode, stdout } = await doctor();
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).ok).toBe(true);
  expect((await create()).exitCode).not.toBe(0);
});

test('is loaded by no other command', async () => {
  const marks = /No variable of oxhost is misspelt|needs no look-up/;
  expect(await remove((name, text) => name.startsWith('doctor') || marks.test(text))).toBe(2);
  expect((await create()).exitCode).toBe(0);
  expect((await run('auth', 'list')).exitCode).toBe(0);
  expect((await doctor()).exitCode).not.toBe(0);
});
