import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { has } from './tools.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/man');
const launcher = path.join(root, 'bin/oxhost.js');
const pages = (await readdir(folder)).map((name) => path.join(folder, name));
const env = { LC_ALL: 'C.UTF-8', MANWIDTH: '80' };

test('there is a man page for the tool and for each command', async () => {
  const { stdout } = await runProcess(process.execPath, [launcher, 'commands', '--json']);
  const { commands } = JSON.parse(stdout) as { commands: { command: string }[] };
  const names = commands.map(({ command }) => `oxhost-${command.replaceAll(' ', '-')}.1`);
  expect(pages.map((page) => path.basename(page)).sort()).toEqual(['oxhost.1', ...names].sort());
  // npm installs those that are named.
  const { man } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  expect(man).toEqual([...names, 'oxhost.1'].sort().map((name) => `dist/man/${name}`));
});

test.skipIf(!has('man', 'mandoc'))(
  'each page is without a complaint of man and mandoc',
  async () => {
    for (const page of pages) {
      const man = await runProcess('man', ['--warnings', '-E', 'UTF-8', '-l', page], { env });
      expect({ page, ...man }).toMatchObject({ exitCode: 0, stderr: '' });
    }
    const { stdout } = await runProcess('mandoc', ['-Tlint', '-W', 'warning', ...pages]);
    expect(stdout).toBe('');
  },
);

test.skipIf(!has('man'))('a page has the options and exit codes of its command', async () => {
  const page = path.join(folder, 'oxhost-plesk-client-create.1');
  const { stdout } = await runProcess('man', ['-l', page], { env });
  // man draws bold and underlined by striking twice.
  const text = stdout.replace(/.\x08/g, '');
  for (const words of [
    'oxhost plesk client create [options]',
    '--login login\n',
    '--password-stdin\n',
    'EXIT STATUS',
    '8 ',
  ]) {
    expect(text).toContain(words);
  }
});
