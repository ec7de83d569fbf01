import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ERROR_KINDS } from '../../src/errors.ts';
import { VARIABLES } from '../../src/variables.ts';
import { runOxhost } from '../support/run.ts';

interface Described {
  commands: {
    command: string;
    effect: string | null;
    arguments: { name: string; required: boolean; field: string | null }[];
    options: Record<string, unknown>[];
  }[];
  global_options: { name: string; short: string | null; value: string | null }[];
  exit_codes: { code: number; errors: string[] }[];
  error_codes: { code: string }[];
}

async function described(): Promise<Described> {
  const { exitCode, stdout, stderr } = await runOxhost(['commands', '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}
const found = async (command: string) =>
  (await described()).commands.find((candidate) => candidate.command === command);

test('what is given is what its schema says, and the schema can say no', async () => {
  const { stdout } = await runOxhost(['commands', '--schema']);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(stdout));
  const data = await described();
  expect(validate(data) || validate.errors).toBe(true);
  expect(validate({ ...data, further: 1 })).toBe(false);
  const [first, ...others] = data.commands;
  expect(validate({ ...data, commands: [{ ...first, effect: 'magic' }, ...others] })).toBe(false);
  const { error_codes: _gone, ...rest } = data;
  expect(validate(rest)).toBe(false);
});

test('every command and what it does', async () => {
  const { commands } = await described();
  expect(
    Object.fromEntries(commands.map(({ command, effect }) => [command, effect])),
  ).toMatchObject({
    'plesk client create': 'create',
    'plesk client import': 'create',
    'plesk order create': 'buy',
    'plesk order renew': 'buy',
    'plesk subscription show': 'read',
    'storage order': 'buy',
    'domain check': 'read',
    'domain order': 'buy',
    'invoice create': 'buy',
    'notification set': 'change',
    'auth login': null,
    doctor: null,
    sandbox: null,
    api: null,
    completion: null,
    commands: null,
  });
  expect(commands.map(({ command }) => command)).not.toContain('help');
});

test('flags with their kinds', async () => {
  const order = await found('plesk order create');
  const option = (name: string) => order?.options.find((candidate) => candidate['name'] === name);
  expect(option('--months')).toEqual({
    ...{ name: '--months', short: null, value: 'n', type: 'integer', required: true },
    ...{ repeatable: false, secret: false, choices: null, minimum: 1, maximum: 3 },
    ...{ environment: null, field: 'subscription_duration' },
    description: 'length in months: 1, 2 or 3',
  });
  expect(option('--payment')).toMatchObject({ choices: ['balance', 'crypto'], required: true });
  expect(option('--ftp-password')).toMatchObject({
    ...{ secret: true, environment: 'OXHOST_FTP_PASSWORD', field: 'ftp_password', required: false },
  });
  expect(option('--dry-run')).toMatchObject({ type: 'boolean', value: null });
  expect(option('--code')).toMatchObject({ choices: ['curl', 'javascript', 'python', 'php'] });
  expect(order?.options.map(({ name }) => name)).not.toContain('--json');
  expect((await found('domain check'))?.arguments).toEqual([
    { name: 'name', required: true, field: 'query', choices: null, description: 'name to check' },
  ]);
  expect((await found('completion'))?.arguments[0]).toMatchObject({
    choices: ['bash', 'zsh', 'fish', 'powershell'],
  });
  const check = await found('domain check');
  expect(check?.options.find(({ name }) => name === '--suffix')).toMatchObject({
    repeatable: true,
  });
  const renew = await found('plesk order renew');
  expect(renew?.options.find(({ name }) => name === '--new-plan')).toMatchObject({
    required: false,
  });
});

test('global options, exit codes and error codes are all there', async () => {
  const data = await described();
  expect(data.global_options).toContainEqual(
    expect.objectContaining({ name: '--yes', short: '-y', value: null }),
  );
  expect(data.global_options.map(({ name }) => name)).not.toContain('--api-key');
  expect(data.error_codes.map(({ code }) => code)).toEqual(Object.keys(ERROR_KINDS));
  expect(data.exit_codes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143]);
  expect(data.exit_codes.flatMap(({ errors }) => errors).sort()).toEqual(
    Object.keys(ERROR_KINDS).sort(),
  );
});

test('as text: a line for each', async () => {
  const { stdout } = await runOxhost(['commands']);
  expect(stdout).toContain('command\tsummary\n');
  expect(stdout).toContain('domain check\tshow which domains are free\n');
});

describe('help topics', () => {
  test.each(['exit-codes', 'environment', 'json'])(
    '%s: text in 80 columns, and data',
    async (topic) => {
      const { exitCode, stdout, stderr } = await runOxhost(['help', topic], {
        isTTY: { stdout: true },
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const plain = stdout.replace(/\u001b\[\d+m/g, '');
      expect(plain.split('\n').filter((line) => line.length > 80)).toEqual([]);
      const { stdout: json } = await runOxhost(['help', topic, '--json']);
      expect(JSON.parse(json).length).toBeGreaterThan(5);
    },
  );

  test('an error has just the fields that help json names', async () => {
    const { stdout } = await runOxhost(['help', 'json', '--json']);
    const { error } = await runOxhost(['domain', 'check', '--json']);
    expect(JSON.parse(stdout).map(({ field }: { field: string }) => field)).toEqual(
      Object.keys(error ?? {}),
    );
  });

  test('a topic that there is not is a command that there is not', async () => {
    const { exitCode } = await runOxhost(['help', 'nothing']);
    expect(exitCode).toBe(2);
  });
});

test('every variable that the sources read is in the table, and in the README', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
  const named = new Set(
    files
      .filter((name) => name.endsWith('.ts') && name !== 'variables.ts')
      .flatMap((name) => read(path.join('src', name)).match(/\bOXHOST_[A-Z_]+\b/g) ?? []),
  );
  const table = VARIABLES.map(({ name }) => name);
  expect([...named].filter((name) => !table.includes(name))).toEqual([]);
  const readme = read('README.md');
  const own = table.filter((name) => name.startsWith('OXHOST_'));
  expect(own.filter((name) => !readme.includes(name))).toEqual([]);
});
