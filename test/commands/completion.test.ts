import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHELLS } from '../../src/completion/scripts.ts';
import { MemoryOutput } from '../support/memory-streams.ts';
import { type OxhostOptions, runOxhost } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { keyOf, storedKeys } from './auth/stored.ts';

/** What a shell is answered when Tab is pressed behind these words, the last of which is begun. */
async function ask(words: readonly string[], options: OxhostOptions = {}, shell = 'fish') {
  const { exitCode, stdout, stderr } = await runOxhost(
    ['__complete', shell, String(words.length - 1), ...words],
    options,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [kind, ...lines] = stdout.replace(/\n$/, '').split('\n');
  const candidates = lines.map((line) => line.split('\t'));
  return { kind, values: candidates.map(([value]) => value), stdout, candidates };
}

describe('oxhost completion', () => {
  test.each(SHELLS)('prints the script of %s, with --json as it is', async (shell) => {
    const { exitCode, stdout, stderr } = await runOxhost(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`oxhost __complete ${shell} `);
    expect(stdout.endsWith('\n')).toBe(true);
    expect((await runOxhost(['completion', shell, '--json'])).stdout).toBe(stdout);
  });

  test.each([[[]], [['tcsh']], [['Bash']], [['']]])('of %j is an error', async (words) => {
    const { exitCode, stdout, stderr } = await runOxhost(['completion', ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      'error: The shell must be bash, zsh, fish or powershell.\n' +
        'hint: oxhost completion --help has the line for each.\n',
    );
    const { error } = await runOxhost(['completion', ...words, '--json']);
    expect(error).toMatchObject({ code: 'usage', exit_code: 2, retry: 'after_fix' });
  });

  test('help and README have the line for each shell', async () => {
    const { stdout } = await runOxhost(['completion', '--help']);
    const readme = await readFile(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
    for (const line of [
      'source <(oxhost completion bash)',
      'source <(oxhost completion zsh)',
      'oxhost completion fish > ~/.config/fish/completions/oxhost.fish',
      'oxhost completion powershell | Out-String | Invoke-Expression',
    ]) {
      expect(stdout).toContain(`  ${line}\n`);
      expect(readme).toContain(line);
    }
  });

  test('the script of PowerShell, which is not run here, is at least whole', async () => {
    const { stdout } = await runOxhost(['completion', 'powershell']);
    const signs = stdout.replace(/'[^'\n]*'|"[^"\n]*"|#.*/g, '').match(/[()[\]{}'"]/g) ?? [];
    let open = '';
    for (const sign of signs) {
      open = `${open}${sign}`.replace(/\(\)$|\[\]$|\{\}$/, '');
    }
    expect(open).toBe('');
    expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});

interface DescribedOption {
  name: string;
  short: string | null;
  value: string | null;
  choices: string[] | null;
  description: string;
}
interface Described {
  commands: {
    command: string;
    summary: string;
    arguments: { choices: string[] | null }[];
    options: DescribedOption[];
  }[];
  global_options: DescribedOption[];
  groups: { group: string }[];
}

const described: Described = JSON.parse((await runOxhost(['commands', '--json'])).stdout);

describe('every command and flag of commands --json', () => {
  test('commands, with what they do', async () => {
    const offered = async (before: string[]): Promise<string[][]> => {
      const { candidates } = await ask([...before, '']);
      const below = candidates.map(async ([name = '', summary = '']): Promise<string[][]> => {
        const words = [...before, name];
        const path = words.join(' ');
        const own = described.commands.some(({ command }) => command === path)
          ? [[path, summary]]
          : [];
        const isGroup = described.groups.some(({ group }) => group === path);
        return [...own, ...(isGroup ? await offered(words) : [])];
      });
      return (await Promise.all(below)).flat();
    };
    expect(described.commands.length).toBeGreaterThan(15);
    expect((await offered([])).sort()).toEqual(
      described.commands
        .filter(({ command }) => command !== 'help' && command !== 'version')
        .map(({ command, summary }) => [command, summary])
        .sort(),
    );
  });

  test.each(described.commands.map((command) => [command.command, command] as const))(
    'flags of %s, its own before the global ones, and no other',
    async (name, { options }) => {
      const { candidates } = await ask([...name.split(' '), '--']);
      const all = [...options, ...described.global_options];
      expect(candidates.slice(0, options.length).map(([flag]) => flag)).toEqual(
        options.map((option) => option.name),
      );
      expect([...candidates].sort()).toEqual(
        all.map((option) => [option.name, option.description]).sort(),
      );
      const { values } = await ask([...name.split(' '), '-']);
      expect(values.filter((value) => /^-[^-]/.test(value ?? '')).sort()).toEqual(
        all.flatMap(({ short }) => short ?? []).sort(),
      );
    },
  );

  test('global flags before the command', async () => {
    const { values } = await ask(['--']);
    expect(values).toEqual(described.global_options.map(({ name }) => name));
    expect((await ask(['plesk', '--'])).values).toEqual(values);
  });

  const withChoices = described.commands.flatMap(({ command, options }) =>
    [...options, ...described.global_options].flatMap(({ name, choices }) =>
      choices === null ? [] : [[command, name, choices] as const],
    ),
  );
  test.each(withChoices)('values of %s %s', async (command, flag, choices) => {
    expect((await ask([...command.split(' '), flag, ''])).values).toEqual(choices);
    expect((await ask([...command.split(' '), `${flag}=`])).values).toEqual(
      choices.map((choice) => `${flag}=${choice}`),
    );
  });

  test('among them are these', () => {
    const names = new Set(withChoices.map(([, name]) => name));
    expect([...names].sort()).toEqual([
      '--code',
      '--color',
      '--exists',
      '--format',
      '--method',
      '--payment',
    ]);
  });

  test('operands with choices', async () => {
    const found = described.commands.flatMap(({ command, arguments: [first] }) =>
      first?.choices == null ? [] : [[command, first.choices] as const],
    );
    expect(found.map(([command]) => command)).toEqual(['completion', 'help']);
    expect(found[0]?.[1]).toEqual([...SHELLS]);
    expect((await ask(['completion', ''])).values).toEqual(found[0]?.[1]);
    // Also commands, whose help it shows.
    expect((await ask(['help', ''])).values).toEqual(
      expect.arrayContaining([...(found[1]?.[1] ?? [])]),
    );
  });

  test('what takes a file or folder', async () => {
    const places = { files: new Set<string>(), folders: new Set<string>() };
    for (const { command, options } of described.commands) {
      for (const { name, value } of [...options, ...described.global_options]) {
        if (value === null) continue;
        const { kind } = await ask([...command.split(' '), name, '']);
        if (kind === 'files' || kind === 'folders') places[kind].add(name);
      }
    }
    expect([...places.files].sort()).toEqual([
      ...['--ftp-password-file', '--ftp-password-out', '--input', '--password-file'],
      ...['--password-out', '--results', '--server-password-file', '--server-password-out'],
    ]);
    expect([...places.folders]).toEqual(['--journal']);
  });
});

describe('what is asked for', () => {
  const below = ['client', 'order', 'subscription'];
  test.each<[string, string[]]>([
    ['-p x --json plesk ', below],
    ['-px -qy plesk ', below],
    ['--profile=x plesk ', below],
    ['--profile plesk auth ', ['login', 'logout', 'status', 'list', 'switch']],
    ['--api-key x storage ', ['order']],
    ['plesk order create --months ', ['1', '2', '3']],
    ['plesk order create --months=', ['--months=1', '--months=2', '--months=3']],
    ['plesk client create --name --code --color ', ['auto', 'always', 'never']],
    ['help plesk ', below],
    ['help plesk client create ', []],
    ['help exit-codes ', []],
    // Nobody but the person knows these.
    ['domain check ', []],
    ['plesk subscription show x', []],
    ['--retries ', []],
    ['plesk client create --name ', []],
    ['api ', []],
    ['completion bash -- ', []],
    // There is no such command or flag.
    ['plesk nothing ', []],
    ['nothing ', []],
    ['plesk --nothing=', []],
    ['auth list --json=', []],
  ])('%s', async (line, values) => {
    expect((await ask(line.split(' '))).values).toEqual(values);
  });

  test.each([
    ...['plesk client import ', 'plesk client import --json cli', 'plesk client import -- -'],
    ...['plesk client create --input ', 'plesk client create --input=cli'],
    'plesk order create --ftp-password-out ',
  ])('a file: %s', async (line) => {
    expect(await ask(line.split(' '))).toMatchObject({ kind: 'files', values: [] });
  });

  test('help knows topics and commands, and is offered once it has been begun', async () => {
    const { values } = await ask(['help', '']);
    expect(values).toEqual(expect.arrayContaining(['exit-codes', 'environment', 'json', 'plesk']));
    expect((await ask([''])).values).not.toContain('help');
    expect((await ask(['he'])).values).toContain('help');
    expect((await ask(['plesk', 'he'])).values).not.toContain('help');
  });

  test('a flag that has been given is not offered again, unless it may be', async () => {
    const given = ['--json', 'domain', 'check', 'x', '--suffix', 'com', '-q', '--color=never'];
    const { values } = await ask([...given, '--']);
    for (const flag of ['--json', '--quiet', '--color']) expect(values).not.toContain(flag);
    expect(values).toEqual(expect.arrayContaining(['--suffix', '--no-color', '--yes']));
    expect((await ask(['domain', 'check', '--json'])).values).toContain('--json');
  });

  test('flags where nothing else can follow', async () => {
    expect((await ask(['plesk', 'client', 'create', ''])).values[0]).toBe('--name');
    expect((await ask(['auth', 'switch', 'x', ''])).values).toContain('--json');
    expect((await ask(['auth', 'list', '--', ''])).values).toEqual([]);
  });

  test('fields, with commas between', async () => {
    const create = ['plesk', 'client', 'create', '--json'];
    expect((await ask([...create, '--fields', ''])).values).toContain('plesk_client_id');
    const { values } = await ask([...create, '--fields=id,name,lo']);
    expect((await ask([...create, '--get', ''])).values).toContain('plesk_client_id');
    expect(values).toContain('--fields=id,name,login');
    expect(values).not.toContain('--fields=id,name,name');
  });
});

describe('how a shell is answered', () => {
  const create = ['plesk', 'client', 'create'];
  test.each([
    ['bash', 'words\n--password-stdin\n'],
    ['zsh', '\n--password-stdin:read the password from standard input\n'],
    ['fish', '\n--password-stdin\tread the password from standard input\n'],
    ['powershell', 'words\n--password-stdin\tread the password from standard input\n'],
  ])('%s: its own way to write a description', async (shell, part) => {
    const { stdout } = await ask([...create, '--password-s'], {}, shell);
    expect(stdout).toContain(part);
    // Two of them choose by the person's own rules, for example without regard to case.
    expect(stdout.includes('--name')).toBe(shell === 'zsh' || shell === 'fish');
  });

  test('PowerShell, which leaves out a word that is empty', async () => {
    const { stdout } = await runOxhost(['__complete', 'powershell', '1', 'storage']);
    expect(stdout).toBe('words\norder\torder a storage server (spends money)\n');
  });

  test.each([[[]], [['tcsh', '0', '']], [['bash']], [['bash', 'x', 'y']], [['bash', '-1', 'y']]])(
    'what no script asks, %j, gets nothing',
    async (words) => {
      const { exitCode, stdout, stderr } = await runOxhost(['__complete', ...words]);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: '' });
    },
  );

  test('an environment that is wrong, or asks for more, changes nothing', async () => {
    const env = {
      ...{ OXHOST_OUTPUT: 'nonsense', OXHOST_PROFILE: 'a b', OXHOST_DEBUG: '1' },
      ...{ OXHOST_API_URL: 'nonsense', NODE_TLS_REJECT_UNAUTHORIZED: '0', FORCE_COLOR: '1' },
    };
    expect((await ask(['pl'], { env, isTTY: true })).stdout).toBe((await ask(['pl'])).stdout);
  });

  test('an answer that cannot be written: no word about it', async () => {
    class Closed extends MemoryOutput {
      override _write(_chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void) {
        done(Object.assign(new Error('closed'), { code: 'EPIPE' }));
      }
    }
    const stdout = new Closed();
    stdout.on('error', () => {});
    const result = await runOxhost(['__complete', 'bash', '0', ''], { system: { stdout } });
    expect(result).toMatchObject({ exitCode: 1, stderr: '' });
  });

  test('whatever is typed, the answer keeps its form and nothing else is said', async () => {
    const real = described.commands.flatMap(({ command, options }) => [
      ...command.split(' '),
      ...options.map(({ name }) => name),
    ]);
    const word = fc.oneof(
      fc.constantFrom('', '-', '--', '--=', '-=', 'help', '--api-key', '__proto__', ...real),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...SHELLS),
        async (words, shell) => {
          const { stdout } = await ask(words, {}, shell);
          expect(stdout).toMatch(/^(?:files\n|folders\n|words\n(?:.+\n)*)$/);
          expect(stdout).not.toContain('api-key');
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('profiles', () => {
  const ASKING = [
    ['--profile', ''],
    ['-p', ''],
    ['auth', 'switch', ''],
    ['auth', 'logout', '--profile', ''],
    ['plesk', 'client', 'create', '-p', ''],
  ];

  test('by name, and nothing else of them', async () => {
    await using keys = await storedKeys('main', 'agency');
    for (const words of ASKING) {
      for (const shell of SHELLS) {
        const { values, stdout } = await ask(words, { env: keys.env }, shell);
        expect(values).toEqual(['agency', 'main']);
        expect(stdout).not.toMatch(/sekret|user-|https/);
        expect(stdout).not.toContain(keyOf('main').slice(-4));
      }
    }
    expect((await ask(['--profile=ag'], { env: keys.env }, 'bash')).stdout).toBe(
      'words\n--profile=agency\n',
    );
  });

  test('none is no fault, and no folder is made', async () => {
    await using folder = await temporaryFolder();
    const env = { OXHOST_CONFIG_DIR: folder.join('none') };
    expect((await ask(['--profile', ''], { env })).values).toEqual([]);
    await expect(stat(folder.join('none'))).rejects.toThrow('ENOENT');
  });

  test('nothing is written: not even a file that others can read is made private', async () => {
    await using keys = await storedKeys('main');
    await chmod(keys.file, 0o644);
    const before = await stat(keys.file);
    expect((await ask(['--profile', ''], { env: keys.env })).values).toEqual(['main']);
    const { mode, mtimeMs, ctimeMs } = await stat(keys.file);
    expect({ mode, mtimeMs, ctimeMs }).toEqual({
      ...{ mode: before.mode, mtimeMs: before.mtimeMs, ctimeMs: before.ctimeMs },
    });
  });

  test('a name that no command takes is not offered', async () => {
    await using keys = await storedKeys('main');
    const store = JSON.parse(await readFile(keys.file, 'utf8'));
    store.profiles['$(date) `x`'] = store.profiles.main;
    store.profiles['a\nb'] = store.profiles.main;
    await writeFile(keys.file, JSON.stringify(store));
    expect((await ask(['--profile', ''], { env: keys.env })).values).toEqual(['main']);
  });

  test.each<[string, (file: string) => Promise<void>]>([
    ['damaged', (file) => writeFile(file, '{"profiles": {"main": "sekret')],
    ['a folder', (file) => rename(file, `${file}.old`).then(() => mkdir(file))],
    ['a link to nothing', (file) => rm(file).then(() => symlink(`${file}.old`, file))],
  ])('a file of settings that is %s: no answer, no word', async (_what, spoil) => {
    await using keys = await storedKeys('main');
    await spoil(keys.file);
    const result = await runOxhost(['__complete', 'bash', '1', '--profile', ''], { env: keys.env });
    expect(result).toMatchObject({ exitCode: 1, stdout: '', stderr: '' });
    expect((await ask(['pl'], { env: keys.env })).values).toContain('plesk');
  });
});

describe('what this machine has made', () => {
  const entry = (number: number, rest: object) =>
    JSON.stringify({
      ...{ number, time: '2026-01-02T03:04:05Z', origin: 'https://0xhost.com', state: 'created' },
      ...rest,
    });
  const client = (number: number, id: string) =>
    entry(number, {
      ...{ operation: 'plesk client create', login: `client${number}` },
      ids: { client_id: id, plesk_client_id: '7' },
    });
  const LINES = [
    client(1, 'id-1'),
    client(2, 'id-2'),
    client(3, '$(date)'),
    entry(4, {
      ...{ operation: 'plesk order create', domain: 'example.com' },
      ids: { order_id: 'o-1', subscription_id: 's-1' },
    }),
  ];

  test('is offered where its id or its number is asked for, newest first', async () => {
    await using folder = await temporaryFolder();
    const env = { OXHOST_CONFIG_DIR: folder.path };
    await writeFile(folder.join('history.ndjson'), `${LINES.join('\n')}\n`, { mode: 0o600 });
    const offered = async (line: string) => (await ask(line.split(' '), { env })).candidates;
    const clients = [
      ['id-2', 'client2'],
      ['id-1', 'client1'],
    ];
    expect(await offered('plesk order create --client ')).toEqual(clients);
    expect((await offered('plesk order create --client='))[0]).toEqual([
      '--client=id-2',
      'client2',
    ]);
    for (const command of ['plesk subscription show ', 'plesk order renew ']) {
      expect(await offered(command)).toEqual([['s-1', 'example.com']]);
    }
    expect(await offered('invoice create --order ')).toEqual([['o-1', 'example.com']]);
    for (const command of ['history show ', 'history settle ']) {
      expect((await offered(command)).slice(0, 2)).toEqual([
        ['4', 'plesk order create example.com'],
        ['3', 'plesk client create client3'],
      ]);
    }
    expect(await readdir(folder.path)).toEqual(['history.ndjson']);
  });
});
