import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { has } from './tools.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/man');
const pages = (await readdir(folder)).map((name) => path.join(folder, name));
const env = { LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
const launcher = path.join(root, 'bin/oxhost.js');
const { stdout } = await runProcess(process.execPath, [launcher, 'commands', '--json']);
const tree = JSON.parse(stdout) as {
  commands: { command: string; buys: boolean }[];
  exit_codes: { code: number; meaning: string }[];
};

test('there is a man page for the tool and for each command', async () => {
  const commands = tree.commands.map(({ command }) => `oxhost-${command.replaceAll(' ', '-')}.1`);
  const names = [...commands, 'oxhost.1'].sort();
  expect(pages.map((page) => path.basename(page)).sort()).toEqual(names);
  // npm installs those that are named.
  const { man } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  expect(man).toEqual(names.map((name) => `dist/man/${name}`));
});

test.skipIf(!has('man', 'mandoc'))('man and mandoc complain of no page', async () => {
  for (const page of pages) {
    const man = await runProcess('man', ['--warnings', '-E', 'UTF-8', '-l', page], { env });
    expect({ page, ...man }).toMatchObject({ exitCode: 0, stderr: '' });
  }
  const lint = await runProcess('mandoc', ['-Tlint', '-W', 'warning', ...pages]);
  expect(lint.stdout).toBe('');
});

test.skipIf(!has('man'))('a page has the options and exit codes of its command', async () => {
  const page = path.join(folder, 'oxhost-plesk-client-create.1');
  const man = await runProcess('man', ['-l', page], { env });
  // man draws bold and underlined by striking twice.
  const text = man.stdout.replace(/.\x08/g, '');
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

test('the skill file has every command, what spends money, and every exit code', async () => {
  const skill = await readFile(path.join(root, 'dist/skills/oxhost/SKILL.md'), 'utf8');
  expect(skill).toMatch(/^---\nname: oxhost\ndescription: [^\n]+\n---\n/);
  const lines = skill.split('\n');
  for (const { command, buys } of tree.commands) {
    const line = lines.find((each) => each.startsWith(`- \`oxhost ${command}`)) ?? '';
    expect([command, line.includes('needs --yes')]).toEqual([command, buys]);
  }
  for (const { code, meaning } of tree.exit_codes) {
    expect(skill).toContain(`| ${code} | ${meaning} |`);
  }
  for (const rule of ['Exit code 8 is never repeated', '`--yes` spends money', 'OXHOST_API_KEY']) {
    expect(skill).toContain(rule);
  }
});
