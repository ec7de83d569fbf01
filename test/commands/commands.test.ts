import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_KINDS } from '../../src/errors.ts';
import { HELP_TOPICS, VARIABLES } from '../../src/help/reference.ts';
import { runOxhost } from '../support/run.ts';

interface DescribedOption {
  name: string;
  short: string | null;
  choices: string[] | null;
  minimum: number | null;
  maximum: number | null;
  [more: string]: unknown;
}

interface Described {
  groups: { group: string; summary: string }[];
  commands: {
    command: string;
    summary: string;
    notes: string[];
    examples: string[];
    effect: string | null;
    creates: boolean;
    buys: boolean;
    request: { method: string; path: string; encoding: string; fields: object[] } | null;
    result_fields: string[] | null;
    exit_codes: number[];
    arguments: { name: string; required: boolean; field: string | null }[];
    options: DescribedOption[];
  }[];
  global_options: DescribedOption[];
  exit_codes: { code: number; errors: string[] }[];
  error_codes: { code: string; exit_code: number; retry: string }[];
}

async function described(): Promise<Described> {
  const { exitCode, stdout, stderr } = await runOxhost(['commands', '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}
const found = async (command: string) =>
  (await described()).commands.find((candidate) => candidate.command === command);

test('what a command says of itself is there for man pages: notes, and examples to be copied', async () => {
  const { commands } = await described();
  for (const { command, notes, examples } of commands) {
    for (const note of notes) expect(note.trim()).toBe(note.trimEnd());
    for (const example of examples) {
      expect(example).not.toMatch(/[\n$] oxhost|\\/);
      expect(example).toContain('oxhost ');
      expect(example).toContain(command);
    }
  }
  const create = commands.find(({ command }) => command === 'plesk client create');
  expect(create?.notes.join(' ')).toContain('Enter on the empty password');
  expect(create?.examples[0]).toBe('oxhost plesk client create');
  expect(commands.filter(({ examples }) => examples.length === 0).length).toBeLessThan(3);
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
});

test('the groups, and help, are part of the tree', async () => {
  const { groups, commands } = await described();
  expect(groups).toContainEqual({ group: 'plesk client', summary: 'create Plesk clients' });
  const named = commands.map(({ command }) => command);
  const parents = named
    .filter((name) => name.includes(' '))
    .map((name) => name.replace(/ \S+$/, ''));
  expect(groups.map(({ group }) => group)).toEqual(
    expect.arrayContaining([...new Set(parents), 'plesk']),
  );
  expect(named.filter((name) => groups.some(({ group }) => group === name))).toEqual(['history']);
  expect((await found('help'))?.arguments).toEqual([
    expect.objectContaining({ name: 'topic', choices: HELP_TOPICS }),
  ]);
});

test('the request of an operation, its result and its ends', async () => {
  expect(await found('domain order')).toMatchObject({
    ...{ effect: 'buy', creates: true, buys: true },
    request: {
      ...{ method: 'POST', path: '/API/orders/create_order', encoding: 'form' },
      fields: expect.arrayContaining([
        { name: 'vyear', type: 'integer', required: true, secret: false },
        { name: 'password', type: 'string', required: false, secret: true },
      ]),
    },
    result_fields: ['id', 'status', 'metadata', 'amount', 'currency', 'domain'],
    exit_codes: [0, 1, 2, 4, 5, 6, 7, 8, 9, 130, 143],
  });
  const show = await found('plesk subscription show');
  expect(show).toMatchObject({ effect: 'read', creates: false, buys: false });
  expect(show?.request).toMatchObject({ method: 'GET', encoding: 'query' });
  expect(show?.exit_codes).not.toContain(8);
  expect(await found('auth list')).toMatchObject({ request: null, result_fields: null });
});

test("exit codes are those of each command's help", async () => {
  const { commands } = await described();
  let seen = 0;
  for (const { command, exit_codes } of commands) {
    const { stdout } = await runOxhost([...command.split(' '), '--help']);
    const listed = /Exit codes: ([^$]*?)(?:\n\n|$)/.exec(stdout)?.[1];
    if (listed === undefined) continue;
    seen += 1;
    // Not what is in parentheses, such as a status.
    const words = listed.replace(/\([^)]*\)/g, '');
    const said = [...words.matchAll(/(?:^|[\s,])(\d{1,3}) [a-zC]/g)].map(([, code]) =>
      Number(code),
    );
    expect([command, said.filter((code) => !exit_codes.includes(code))]).toEqual([command, []]);
    // SIGTERM is like Ctrl-C, and that something exists is no likely answer to a read.
    const unsaid = exit_codes.filter((code) => !said.includes(code) && ![6, 143].includes(code));
    expect([command, unsaid]).toEqual([command, []]);
  }
  expect(seen).toBeGreaterThan(9);
});

test('flags with their kinds', async () => {
  const order = await found('plesk order create');
  const option = (name: string) => order?.options.find((candidate) => candidate['name'] === name);
  expect(option('--months')).toEqual({
    ...{ name: '--months', short: null, value: 'n', type: 'integer', required: true },
    ...{ repeatable: false, secret: false, choices: null, minimum: 1, maximum: 3 },
    ...{ environment: null, field: 'subscription_duration', default: null, default_from: null },
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
    ...{ repeatable: true, required: false, default_from: '<name>' },
  });
  const renew = await found('plesk order renew');
  expect(renew?.options.find(({ name }) => name === '--new-plan')).toMatchObject({
    required: false,
  });
  const domain = await found('domain order');
  const ofDomain = (name: string) => domain?.options.find((candidate) => candidate.name === name);
  expect(ofDomain('--user')).toMatchObject({ required: false, default_from: 'profile' });
  expect(ofDomain('--suffix')).toMatchObject({ required: false, default_from: '--domain' });
  expect(ofDomain('--domain')).toMatchObject({ required: true, default_from: null });
  const ways = domain?.options.filter(({ field }) => field === 'password');
  expect(ways?.map(({ name, secret }) => [name, secret])).toEqual([
    ['--password-stdin', false],
    ['--password-file', false],
    ['--generate-password', false],
    ['--password', true],
  ]);
});

test('what may be repeated says so', async () => {
  const { commands } = await described();
  const repeatable = commands.flatMap(({ command, options }) =>
    options.filter((option) => option['repeatable']).map(({ name }) => `${command} ${name}`),
  );
  expect(repeatable).toEqual([
    'plesk client import --map',
    'domain check --suffix',
    'sandbox --fail',
    'api --raw-field',
    'api --field',
  ]);
});

describe('bounds and choices are those that the commands themselves check', async () => {
  const { commands, global_options } = await described();
  const all = [
    ...commands.flatMap(({ command, options }) => options.map((option) => ({ command, option }))),
    ...global_options.map((option) => ({ command: 'auth list', option })),
  ];
  const bounded = all.filter(({ option }) => option.minimum !== null || option.maximum !== null);
  const flags: Record<string, readonly string[]> = {
    'plesk client import --password-length': ['--generate-passwords'],
    'plesk client create --password-length': ['--generate-password'],
    'plesk order create --ftp-password-length': ['--generate-ftp-password'],
    'storage order --server-password-length': ['--generate-server-password'],
    'domain order --password-length': ['--generate-password'],
  };
  const operands = (command: string) =>
    ({ 'plesk client import': ['none.csv'], 'plesk order renew': ['subscription-1'] })[command] ??
    [];
  const complaint = async (command: string, name: string, value: string) => {
    const more = flags[`${command} ${name}`] ?? [];
    const given = [...command.split(' '), ...operands(command), name, value, ...more, '--json'];
    const { error } = await runOxhost(given);
    const said = [error?.['message'], ...((error?.['fields'] ?? []) as { name: string }[])];
    return said.some((text) =>
      typeof text === 'object' && text !== null
        ? `--${(text as { name: string; message: string }).name}` === name &&
          (text as { message: string }).message !== 'is missing'
        : typeof text === 'string' && text.includes(`${name} must be`),
    );
  };

  test('there are many', () => {
    expect(bounded.map(({ option }) => option.name)).toEqual(
      expect.arrayContaining([
        ...['--timeout', '--max-wait', '--retries', '--password-length', '--ftp-password-length'],
        ...['--server-password-length', '--port', '--latency', '--concurrency', '--max-errors'],
      ]),
    );
    expect(bounded.filter(({ option }) => option['type'] === 'string')).toEqual([]);
  });

  // A sandbox with a good number would run until it is stopped.
  const tried = bounded.filter(({ command }) => command !== 'sandbox');
  test.each(tried.map(({ command, option }) => [command, option.name, option] as const))(
    '%s %s',
    async (command, name, { minimum, maximum }) => {
      for (const [bound, beyond] of [
        [minimum, (minimum ?? 0) - 1],
        [maximum, (maximum ?? 0) + 1],
      ] as const) {
        if (bound === null) continue;
        expect(await complaint(command, name, String(bound))).toBe(false);
        expect(await complaint(command, name, String(beyond))).toBe(true);
      }
    },
  );

  test.each(['--port', '--latency'])('sandbox %s', async (name) => {
    const option = all.find((each) => each.option.name === name)?.option;
    expect(await complaint('sandbox', name, String((option?.maximum ?? 0) + 1))).toBe(true);
  });

  const closed = all.filter(({ option }) => option.choices !== null);
  test.each(closed.map(({ command, option }) => [command, option.name] as const))(
    '%s %s is a closed list',
    async (command, name) => {
      const given = [...command.split(' '), ...operands(command), name, 'nonsense', '--json'];
      if (command === 'api') given.push('/API/invoice');
      if (command === 'history settle') given.push('1');
      const { exitCode, error } = await runOxhost(given);
      expect(exitCode).toBe(2);
      expect(JSON.stringify(error)).toMatch(/must be/);
    },
  );
});

test('global options, exit codes and error codes are all there', async () => {
  const data = await described();
  expect(data.global_options).toContainEqual(
    expect.objectContaining({ name: '--yes', short: '-y', value: null }),
  );
  expect(data.global_options.map(({ name }) => name)).not.toContain('--api-key');
  expect(data.error_codes.map(({ code }) => code)).toEqual(Object.keys(ERROR_KINDS));
  expect(data.exit_codes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143]);
  const errors = data.exit_codes.flatMap((row) => row.errors);
  expect([...new Set(errors)].sort()).toEqual(Object.keys(ERROR_KINDS).sort());
  expect(data.global_options.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['--help', '--version']),
  );
  expect(data.global_options.find(({ name }) => name === '--timeout')).toMatchObject({
    ...{ type: 'number', default: 150, environment: 'OXHOST_TIMEOUT' },
  });
});

test('a read without a usable answer ends otherwise than a create', async () => {
  const { error_codes, exit_codes } = await described();
  expect(error_codes.find(({ code }) => code === 'bad_response')).toEqual({
    ...{ code: 'bad_response', exit_code: 8, retry: 'check_first' },
  });
  expect(exit_codes.find(({ code }) => code === 1)?.errors).toContain('bad_response');
});

test('as a tree on a terminal, in 80 columns', async () => {
  const { stdout } = await runOxhost(['commands'], { isTTY: { stdout: true }, columns: 80 });
  const lines = stdout.replace(/\u001b\[\d+m/g, '').split('\n');
  expect(lines.slice(1, 5).map((line) => line.split(/ {2,}(?=\S)/))).toEqual([
    ['plesk', 'create Plesk clients, order and renew their hosting'],
    ['', 'client', 'create Plesk clients'],
    ['', 'create', 'create one Plesk client'],
    ['', 'import <file>', 'create many Plesk clients from a file, once each'],
  ]);
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}show <id> +show one subscription/));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  // No line is folded: each is a group or a command, and history is both.
  const { groups, commands } = await described();
  expect(lines).toHaveLength(1 + groups.length + commands.length);
});

test('in a pipe: a line for each', async () => {
  const { stdout } = await runOxhost(['commands']);
  expect(stdout).toContain('command\tsummary\n');
  expect(stdout).toContain('domain check\tshow which domains are free\n');
});

describe('help topics', () => {
  test.each(HELP_TOPICS)('%s as data', async (topic) => {
    const { stdout } = await runOxhost(['help', topic, '--json']);
    expect(JSON.parse(stdout).length).toBeGreaterThan(4);
  });

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

test('every variable that the sources read is in the table', () => {
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
});
