import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';

let executable: string;

beforeAll(async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const script = path.join(root, 'bin/build/standalone.js');
  // npm takes its settings from the environment.
  const run = runProcess(process.execPath, [script], { cwd: root, env: process.env });
  const { exitCode, stdout, stderr } = await run;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  executable = stdout.trim().split('\n').at(-1) ?? '';
});

const create = 'plesk client create --sandbox --json --generate-password --name=A'.split(' ');

test('the executable creates a client where there is no Node, and takes no options of Node', async () => {
  const env = { PATH: '/nonexistent', HOME: '/nonexistent', NODE_OPTIONS: '--no-such-option' };
  const args = [...create, '--login=client1', '--email=client1@example.com'];
  const { exitCode, stdout } = await runProcess(executable, args, { env });
  expect({ exitCode, login: JSON.parse(stdout).login }).toEqual({ exitCode: 0, login: 'client1' });
});

test('the executable knows its own version, and the end of a usage error', async () => {
  expect((await runProcess(executable, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await runProcess(executable, create)).exitCode).toBe(2);
});
