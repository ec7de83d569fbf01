import { describe, expect, test } from 'vitest';
import { HELP_TOPICS } from '../src/help/reference.ts';
import { PATHS, ROWS } from '../src/program.ts';
import { creating, ENV, flagsOf, GIVEN, PASSWORD } from './commands/plesk/client/creating.ts';
import { runOxhost, startOxhost } from './support/run.ts';
import { startServer } from './support/server.ts';

const ALL = ['', ...ROWS.map(({ path }) => path)].map((path) => path.split(' ').filter(Boolean));
// The help of help is that of the tool.
const LEAVES = PATHS.filter((path) => path !== 'history' && path !== 'help').map((path) =>
  path.split(' '),
);
const GROUPS = ALL.filter((path) => !PATHS.includes(path.join(' ')));
const TOPICS = HELP_TOPICS.map((topic) => ['help', topic]);

/** The help, and its lines that are wider than the terminal, but for what is to be copied. */
async function helpIn(columns: number, args: readonly string[]) {
  const given = args[0] === 'help' ? args : [...args, '--help'];
  const { exitCode, stdout, stderr } = await runOxhost(given, { columns });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const wide = lines.filter((line) => line.length > Math.min(columns, 100));
  return { stdout, lines, wide: wide.filter((line) => !/^ +(?:\$ |oxhost |source )/.test(line)) };
}

describe('help', () => {
  test.each(ALL.concat(TOPICS).map((path) => [path.join(' ') || 'the tool', path] as const))(
    'of %s: in 60, 80 and 200 columns no line is too long, and every row has a text',
    async (_name, path) => {
      for (const columns of [60, 80, 200]) {
        const { stdout, lines, wide } = await helpIn(columns, path);
        expect(wide).toEqual([]);
        expect(lines.filter((line) => /^ {2}-\S/.test(line) && line.length < 20)).toEqual([]);
        expect(stdout).not.toContain('--api-key');
        expect(stdout).not.toMatch(/undefined|\[object/);
      }
    },
  );

  test.each(GROUPS.map((path) => [path.join(' ') || 'the tool', path] as const))(
    'of %s fits 80 x 24 with the prompt: what it is, its commands, and the global options',
    async (_name, path) => {
      const { stdout, lines } = await helpIn(80, path);
      expect(lines.length).toBeLessThan(24);
      const order = ['Usage: oxhost', 'Commands:\n  ', 'Global options: --json'];
      const places = order.map((word) => stdout.indexOf(word));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(Math.min(...places)).toBeGreaterThan(0);
      expect(stdout.replaceAll('\n', ' ')).toContain('oxhost help options');
    },
  );

  test.each(LEAVES.map((path) => [path.join(' '), path] as const))(
    'of %s: usage, options, output, exit codes, examples, and the global options that can act',
    async (name, path) => {
      const { stdout } = await helpIn(80, path);
      const heads = stdout.match(
        /^(?:Usage|Options|Output with --json|Exit codes|Examples|Global options)(?=:)/gm,
      );
      const order = [
        'Usage',
        'Options',
        'Output with --json',
        'Exit codes',
        'Examples',
        'Global options',
      ];
      expect(heads).toEqual(order.filter((head) => heads?.includes(head)));
      expect(heads).toEqual(expect.arrayContaining(['Usage', 'Exit codes', 'Global options']));
      const globals = stdout.slice(stdout.lastIndexOf('Global options:'));
      const calls = /^(?:plesk|storage|domain|invoice|notification|api|doctor)\b/.test(name);
      expect(globals.includes('--max-wait')).toBe(calls);
      expect(globals.includes('--yes')).toBe(
        /order (?:create|renew)|storage order|domain order|invoice|import/.test(name),
      );
      // Its own options do not repeat them.
      expect(stdout.slice(0, stdout.lastIndexOf('Global options:'))).not.toMatch(/^ {2}--timeout/m);
    },
  );

  test('examples are folded where a shell lets them go on', async () => {
    const { lines } = await helpIn(80, ['plesk', 'client', 'create']);
    const at = lines.findIndex((line) => line.includes('--login client1 \\'));
    expect(lines.slice(at, at + 2)).toEqual([
      '  $ oxhost plesk client create --name "Example Client" --login client1 \\',
      '      --email client1@example.com --generate-password',
    ]);
  });

  test.each([
    [
      ['help', 'plesk', 'client', 'create'],
      ['plesk', 'client', 'create', '--help'],
    ],
    [
      ['help', 'plesk'],
      ['plesk', '-h'],
    ],
    [['help'], ['--help']],
    [[], ['--help']],
    [['plesk'], ['plesk', '--help']],
    [
      ['plesk', 'client'],
      ['plesk', 'client', '--help'],
    ],
    [
      ['plesk', 'client', 'create', '--name', 'x', '-h'],
      ['plesk', 'client', 'create', '-h'],
    ],
  ])('%j is the same as %j', async (args, same) => {
    const result = await runOxhost(args);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).not.toBe('');
    expect(result.stdout).toBe((await runOxhost(same)).stdout);
  });

  test.each([
    ['on a terminal', [], {}, true],
    ['--no-color', ['--no-color'], {}, false],
    ['--color never', ['--color', 'never'], {}, false],
    ['--color=never', ['--color=never'], {}, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
  ])('headings are bold: %s', async (_name, flags, env, bold) => {
    const { stdout } = await runOxhost(['--help', ...flags], { env, isTTY: { stdout: true } });
    expect(stdout.includes('\u001b[')).toBe(bold);
  });

  test('in a pipe there is no colour, but with --color always', async () => {
    expect((await runOxhost(['--help'])).stdout).not.toContain('\u001b');
    expect((await runOxhost(['--color', 'always', '--help'])).stdout).toContain('\u001b');
  });
});

test.each([
  [['--version']],
  [['version']],
  [['-V']],
  [['--json', '--version']],
  [['plesk', '--version']],
  [['plesk', 'client', 'create', '-V']],
  [['plesk', 'client', 'create', '--name', 'x', '--version']],
])('version: %j', async (args) => {
  expect(await runOxhost(args)).toMatchObject({
    exitCode: 0,
    stdout: '0.0.0-test\n',
    stderr: '',
  });
});

describe('global flags', () => {
  const url = 'http://127.0.0.1:1';
  const request = ['--dry-run', ...flagsOf({ ...GIVEN, password: PASSWORD })];
  const dryRun = async (before: string[], after: string[], between: string[] = []) => {
    const args = [...before, 'plesk', ...between, 'client', 'create', ...after, ...request];
    const result = await runOxhost(args);
    return { ...result, url: result.exitCode === 0 ? JSON.parse(result.stdout).url : null };
  };

  test('work before, between and after the names of the command', async () => {
    const results = await Promise.all([
      dryRun(['--api-url', url], []),
      dryRun([], [], ['--api-url', url]),
      dryRun([], ['--api-url', url]),
      dryRun([`--api-url=${url}`], []),
    ]);
    for (const result of results) expect(result.url).toBe(`${url}/API/plesk/clients/create`);
  });

  test('the one nearest to the command wins, and the last of two', async () => {
    const other = ['--api-url', 'http://127.0.0.1:2'];
    expect((await dryRun(other, ['--api-url', url])).url).toContain(url);
    expect((await dryRun(other, [], ['--api-url', url])).url).toContain(url);
    expect((await dryRun([], [...other, '--api-url', url])).url).toContain(url);
  });

  test.each([
    [['--json'], []],
    [[], ['--json']],
  ])('--json, %j and %j', async (before, after) => {
    const result = await runOxhost([...before, 'plesk', 'client', 'create', ...after]);
    expect(result.error).toMatchObject({ code: 'missing_input' });
  });

  test('an option given twice: the last one holds', async () => {
    await using server = await startServer();
    const args = creating(server, '--password', PASSWORD, '--login', 'client2', '--json', '--json');
    expect((await runOxhost(args, { env: ENV })).exitCode).toBe(0);
    expect(server.requests[0]?.json).toMatchObject({ login: 'client2' });
  });

  test('--no-input next to --input', async () => {
    await using server = await startServer();
    const args = ['plesk', 'client', 'create', '--api-url', server.url, '--no-input'];
    const result = await runOxhost([...args, '--input', '-'], {
      env: ENV,
      stdin: JSON.stringify({ ...GIVEN, password: PASSWORD }),
    });
    expect(result.exitCode).toBe(0);
    expect(server.requests[0]?.json).toEqual({ ...GIVEN, password: PASSWORD });
  });

  test.each([['--password', '-Kx7!Qm2-Vb9'], ['--password=-Kx7!Qm2-Vb9'], ['--password=--name']])(
    'a password that begins with a dash: %s %s',
    async (...words) => {
      await using server = await startServer();
      const result = await runOxhost(creating(server, ...words), { env: ENV });
      expect(result.exitCode).toBe(0);
      const password = words.at(-1)?.replace('--password=', '');
      expect(server.requests[0]?.json).toEqual({ ...GIVEN, password });
    },
  );
});

describe('usage errors', () => {
  const create = ['plesk', 'client', 'create'];
  const HELP = 'Add --help to see what there is.';
  test.each([
    [['plesk', 'clent'], 'Unknown command clent.', 'Did you mean oxhost plesk client?'],
    [['plsk'], 'Unknown command plsk.', 'Did you mean oxhost plesk?'],
    [['foo'], 'Unknown command foo.', HELP],
    [['foo', '--help'], 'Unknown command foo.', HELP],
    [
      ['help', 'foo'],
      'Unknown command foo.',
      'There is help on every command, and on options, passwords, unknown, import, exit-codes, environment, json.',
    ],
    [['help', 'plesk', 'clent'], 'Unknown command clent.', 'Did you mean oxhost plesk client?'],
    [[...create, '--emial', 'x'], 'Unknown option --emial.', 'Did you mean --email?'],
    [[...create, '--emial=Secret-1'], 'Unknown option --emial.', 'Did you mean --email?'],
    [[...create, '--passwrd=Secret-1'], 'Unknown option --passwrd.', 'Did you mean --password?'],
    [
      ['storage', 'order', '--no-auto-renew'],
      'Unknown option --no-auto-renew.',
      '--auto-renew is off unless it is given; leave it out.',
    ],
    [
      ['storage', 'order', '--no-auto-renew=1', '--plan', 'p'],
      'Unknown option --no-auto-renew.',
      '--auto-renew is off unless it is given; leave it out.',
    ],
    [['storage', 'order', '--no-plan'], 'Unknown option --no-plan.', 'Did you mean --plan?'],
    [['--jsn', ...create], 'Unknown option --jsn.', 'Did you mean --json?'],
    [[...create, '--sandbox=1'], '--sandbox takes no value.', HELP],
    [['--json=false', ...create], '--json takes no value.', HELP],
    [[...create, '--generate-password=Secret-1'], '--generate-password takes no value.', HELP],
    [[...create, '--help=all'], '--help takes no value.', HELP],
    [[...create, '--xyzzy=Secret-1'], 'Unknown option --xyzzy.', HELP],
    [[...create, '-XSecret-1'], 'Unknown option -X.', HELP],
    [[...create, '--name'], '--name needs a value: --name <text>.', HELP],
    [['-p'], '--profile needs a value: --profile <name>.', HELP],
    [
      [...create, 'Secret-1'],
      'create takes options only; a value with spaces needs quotes around it.',
      'Did you mean --name <text>? Further options: --login <login>, --email <address>.',
    ],
    [['auth', 'switch'], 'The command needs a value for <profile>.', HELP],
    [
      ['auth', 'switch', 'a', 'Secret-1'],
      'switch takes one value and got 2; a value with spaces needs quotes around it.',
      HELP,
    ],
  ])('%j', async (args, message, hint) => {
    const text = await runOxhost(args);
    expect(text).toMatchObject({ exitCode: 2, stdout: '' });
    expect(text.stderr).toBe(`error: ${message}\nhint: ${hint}\n`);
    const json = await runOxhost(['--json', ...args]);
    expect(json.error).toMatchObject({ code: 'usage', message, hint, exit_code: 2 });
    expect(text.stderr + json.stderr).not.toContain('Secret-1');
  });

  test.each([
    [['--api-key', 'Secret-1']],
    [['--api-key=Secret-1']],
    [['--api-key']],
    [[...create, '--api-key', 'Secret-1']],
    [['plesk', '--api-key=Secret-1', 'client', 'create']],
  ])('there is no --api-key: %j', async (args) => {
    const result = await runOxhost(args);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toBe(
      'error: There is no --api-key flag: other users of this machine could read the key.\n' +
        'hint: Use oxhost auth login (or auth login --key-stdin), OXHOST_API_KEY or OXHOST_KEY_COMMAND.\n',
    );
  });

  test('of a create say what became of it, those of others do not', async () => {
    const created = await runOxhost([...create, '--json', '--foo']);
    expect(created.error).toMatchObject({ outcome: 'not_created' });
    const listed = await runOxhost(['auth', 'list', '--json', '--foo']);
    expect(listed.error).toMatchObject({ outcome: null });
  });

  test('OXHOST_OUTPUT=json makes them JSON', async () => {
    const result = await runOxhost(['foo'], { env: { OXHOST_OUTPUT: 'json' } });
    expect(result.error).toMatchObject({ code: 'usage' });
  });

  test('--json after -- is no flag', async () => {
    const running = await startOxhost(['foo', '--', '--json']);
    // What this run would make of its result takes --json for a flag wherever it stands.
    await expect.poll(() => running.stderr.text).toMatch(/^error: Unknown command/);
    await running.finished.catch(() => {});
  });

  test('red on a terminal, unless asked otherwise', async () => {
    const isTTY = { stderr: true };
    expect((await runOxhost(['foo'], { isTTY })).stderr).toContain('\u001b[31m');
    expect((await runOxhost(['foo', '--no-color'], { isTTY })).stderr).not.toContain('\u001b');
    expect((await runOxhost(['foo', '--color=never'], { isTTY })).stderr).not.toContain('\u001b');
  });
});

describe('what nobody foresaw', () => {
  test('a result that help cannot be written to', async () => {
    const { MemoryOutput } = await import('./support/memory-streams.ts');
    class Full extends MemoryOutput {
      override _write(_chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void) {
        done(Object.assign(new Error('full'), { code: 'ENOSPC' }));
      }
    }
    const stdout = new Full();
    stdout.on('error', () => {});
    const result = await runOxhost(['plesk', '--help'], { system: { stdout } });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toBe(
      'error: The result could not be written to standard output (ENOSPC).\n',
    );
  });
});
