import {
  chmod,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../src/errors.ts';
import { openConfiguration } from '../../src/store/config.ts';
import { runProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { addProfile, configurationSystem } from './config-system.ts';

const SECRET = 'sekret-0123456789-abcdefghij-KLMNOP';

let temporary: TemporaryFolder;
let folder: string;
let file: string;
let warnings: string[];
const openIt = () => openConfiguration(folder, configurationSystem, (code) => warnings.push(code));
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const refusal = (work: Promise<unknown>): Promise<OxhostError> =>
  work.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => {
      if (error instanceof OxhostError) return error;
      throw error;
    },
  );
const storeOf = (...names: string[]) => ({
  current: names.at(-1) ?? null,
  profiles: Object.fromEntries(
    names.map((name) => [name, { key: SECRET, origin: 'https://0xhost.com' }]),
  ),
});

beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.join('config');
  file = temporary.join('config', 'config.json');
  warnings = [];
});
afterEach(() => temporary.close());

async function put(content: string | Buffer, mode = 0o600): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, content, { mode });
  await chmod(file, mode);
}

describe('what is there afterwards', () => {
  test('nothing is made by reading', async () => {
    expect(await openIt().read()).toEqual({ current: null, profiles: {} });
    expect(await readdir(temporary.path)).toEqual([]);
  });

  test('file 0600 and folders 0700 under umask 000, and nothing else', async () => {
    const umask = process.umask(0);
    try {
      folder = temporary.join('new', 'config');
      await openIt().change(addProfile('one', SECRET));
    } finally {
      process.umask(umask);
    }
    expect(await modeOf(temporary.join('new'))).toBe(0o700);
    expect(await modeOf(folder)).toBe(0o700);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
    for (const name of await readdir(folder)) {
      expect(await modeOf(temporary.join('new', 'config', name)), name).toBe(0o600);
    }
  });

  test('changes add up, for every reader at once', async () => {
    await openIt().change(addProfile('one', SECRET));
    const other = openIt();
    await other.change(addProfile('two', SECRET));
    await openIt().change((store) => {
      delete store.profiles['one'];
    });
    expect(await other.read()).toEqual(storeOf('two'));
  });

  test('an edit that throws changes nothing and frees the lock', async () => {
    await openIt().change(addProfile('one', SECRET));
    const before = await readFile(file);
    const fail = () => {
      throw new OxhostError('usage', 'no');
    };
    expect(await refusal(openIt().change(fail))).toMatchObject({ code: 'usage', message: 'no' });
    expect(await readFile(file)).toEqual(before);
    await openIt().change(addProfile('two', SECRET));
  });

  test.each([0o644, 0o666, 0o640, 0o604])(
    'a file of mode %o is tightened, with a word',
    async (mode) => {
      await put(JSON.stringify(storeOf('one')), mode);
      await chmod(folder, 0o755);
      expect(await openIt().read()).toEqual(storeOf('one'));
      expect(await modeOf(file)).toBe(0o600);
      expect(warnings).toEqual(['config_tightened']);
      await openIt().change(addProfile('two', SECRET));
      expect(await modeOf(file)).toBe(0o600);
      expect(await modeOf(folder)).toBe(0o700);
      expect(warnings).toHaveLength(1);
    },
  );

  test('Windows, whose modes say nothing, gets no word about them', async () => {
    await put(JSON.stringify(storeOf('one')), 0o666);
    const system = { ...configurationSystem, platform: 'win32' as const };
    const onWindows = openConfiguration(folder, system, (code) => warnings.push(code));
    expect(await onWindows.read()).toEqual(storeOf('one'));
    expect(warnings).toEqual([]);
  });

  test('what others stored in a profile is kept, and so are odd names', async () => {
    const profiles = `{"__proto__":{"key":"${SECRET}","origin":"https://0xhost.com"},
      "constructor":{"key":"${SECRET}","origin":"https://0xhost.com","later":[1]}}`;
    await put(`{"current":"__proto__","profiles":${profiles}}`);
    await openIt().change(addProfile('one', SECRET));
    const store = await openIt().read();
    expect(Object.keys(store.profiles)).toEqual(['__proto__', 'constructor', 'one']);
    expect(Object.getPrototypeOf(store.profiles)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['key']).toBeUndefined();
    expect(store.profiles['constructor']).toHaveProperty('later', [1]);
  });
});

describe('symbolic links', () => {
  test.each(['read', 'change'] as const)('a linked file is refused (%s)', async (method) => {
    const target = temporary.join('target');
    await writeFile(target, JSON.stringify(storeOf('one')), { mode: 0o644 });
    await mkdir(folder);
    await symlink(target, file);
    const error = await refusal(openIt()[method](addProfile('two', SECRET)));
    expect(error.code).toBe('config_error');
    expect(error.message).toContain(`${file} is a symbolic link`);
    expect(await readFile(target, 'utf8')).toBe(JSON.stringify(storeOf('one')));
    expect(await modeOf(target)).toBe(0o644);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  test.each([
    ['read', true],
    ['change', true],
    ['change', false],
  ] as const)('a linked folder is refused (%s; its target exists: %s)', async (method, exists) => {
    const target = temporary.join('target');
    if (exists) await mkdir(target, { mode: 0o755 });
    await symlink(target, folder);
    const error = await refusal(openIt()[method](addProfile('two', SECRET)));
    expect(error).toMatchObject({ code: 'config_error' });
    expect(error.message).toContain(`${folder} is a symbolic link`);
    expect(await readdir(temporary.path)).toEqual(exists ? ['config', 'target'] : ['config']);
    if (exists) {
      expect(await readdir(target)).toEqual([]);
      expect(await modeOf(target)).toBe(0o755);
    }
  });

  test('a linked kept file is not read', async () => {
    await mkdir(folder);
    await writeFile(temporary.join('target'), JSON.stringify(storeOf('planted')));
    await symlink(temporary.join('target'), `${file}.kept`);
    expect(await openIt().read()).toEqual(storeOf());
  });
});

const profile = `{"key":"${SECRET}","origin":"https://0xhost.com"}`;
const damages: [name: string, content: string | Buffer, why: string][] = [
  ['empty', '', 'it is not JSON'],
  ['blank', ' \n', 'it is not JSON'],
  ['truncated', `{"current":"one","profiles":{"one":{"key":"${SECRET}`, 'it is not JSON'],
  ['with a comma too many', `{"profiles":{"one":${profile},}}`, 'it is not JSON'],
  ['the key alone', SECRET, 'it is not JSON'],
  ['two values', `{"profiles":{"one":${profile}}}{}`, 'it is not JSON'],
  ['an array', '[]', 'it is not a JSON object'],
  ['a string', `"${SECRET}"`, 'it is not a JSON object'],
  ['null', 'null', 'it is not a JSON object'],
  ['a number', '1', 'it is not a JSON object'],
  ['profiles as an array', `{"profiles":[${profile}]}`, '"profiles" is not an object'],
  ['profiles as a string', `{"profiles":"${SECRET}"}`, '"profiles" is not an object'],
  ['current as an object', `{"current":${profile}}`, '"current" is not a name'],
  [
    'a profile without a key',
    '{"profiles":{"one":{"origin":"https://0xhost.com"}}}',
    'the profile "one" lacks its key or its address',
  ],
  [
    'a profile without an origin',
    `{"profiles":{"one":{"key":"${SECRET}"}}}`,
    'the profile "one" lacks its key or its address',
  ],
  [
    'a profile that is a key',
    `{"profiles":{"one":"${SECRET}"}}`,
    'the profile "one" lacks its key or its address',
  ],
  [
    'a key that is a number',
    '{"profiles":{"one":{"key":1,"origin":"https://0xhost.com"}}}',
    'the profile "one" lacks',
  ],
  [
    'a user that is a number',
    `{"profiles":{"one":{"key":"${SECRET}","origin":"https://0xhost.com","user":1}}}`,
    'the profile "one" lacks',
  ],
  ['__proto__ without a key', '{"profiles":{"__proto__":{}}}', 'the profile "__proto__" lacks'],
  ['binary', Buffer.from([0, 255, 254, 1, 2, 128]), 'it is not UTF-8 text'],
  [
    'UTF-16',
    Buffer.from(`\ufeff{"profiles":{"one":${profile}}}`, 'utf16le'),
    'it is not UTF-8 text',
  ],
  [
    'one bad byte in a key',
    Buffer.from(`{"profiles":{"one":{"key":"\xe4","origin":""}}}`, 'latin1'),
    'it is not UTF-8 text',
  ],
];

describe('a damaged file is named, kept byte for byte, and not quoted', () => {
  const check = async (error: OxhostError, why: string) => {
    expect(error).toMatchObject({ code: 'config_error', details: { hint: /move it away/ } });
    expect(error.message).toContain(`${file} is damaged: ${why}`);
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain('sekret');
    expect(error.cause).toBeUndefined();
  };

  test.each(damages)('%s', async (_name, content, why) => {
    await put(content);
    await check(await refusal(openIt().read()), why);
    await check(await refusal(openIt().change(addProfile('two', SECRET))), why);
    expect(await readFile(file)).toEqual(Buffer.from(content));
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
  });

  test('100 MB', async () => {
    await put(`{"profiles":{"one":${profile}}}`);
    await truncate(file, 100_000_000);
    const before = process.memoryUsage().rss;
    await check(
      await refusal(openIt().read()),
      'it is far larger than any file that oxhost writes',
    );
    await check(await refusal(openIt().change(addProfile('two', SECRET))), 'it is far larger');
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
    expect((await stat(file)).size).toBe(100_000_000);
  });

  test('a folder in its place', async () => {
    await mkdir(file, { recursive: true });
    await check(await refusal(openIt().read()), 'it is no ordinary file');
    await check(
      await refusal(openIt().change(addProfile('two', SECRET))),
      'it is no ordinary file',
    );
  });

  test('a named pipe in its place, without a wait', async () => {
    await mkdir(folder);
    expect(await runProcess('mkfifo', [file])).toMatchObject({ exitCode: 0 });
    await check(await refusal(openIt().read()), 'it is no ordinary file');
  });

  test.skipIf(process.getuid?.() !== 0)(
    'a file of somebody else is an error, a folder of somebody else has no keys for us (needs root, if skipped)',
    async () => {
      await put(JSON.stringify(storeOf('one')));
      await chmod(temporary.path, 0o755);
      await chmod(folder, 0o755);
      process.seteuid?.(65_534);
      try {
        const error = await refusal(openIt().read());
        expect(error.message).toBe(`${file} cannot be read (EACCES).`);
        process.seteuid?.(0);
        await chmod(folder, 0o700);
        process.seteuid?.(65_534);
        expect(await openIt().read()).toEqual(storeOf());
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  test('a byte order mark is no damage', async () => {
    await put(`\ufeff${JSON.stringify(storeOf('one'))}`);
    expect(await openIt().read()).toEqual(storeOf('one'));
    await openIt().change(addProfile('two', SECRET));
    expect(await openIt().read()).toEqual(storeOf('one', 'two'));
  });
});

describe('a write that was cut off', () => {
  const whole = JSON.stringify(storeOf('one'), null, '\t');

  test('a truncated file of any length beside the kept one costs nothing', async () => {
    for (let length = 0; length < whole.length; length += 7) {
      await put(whole.slice(0, length));
      await writeFile(`${file}.kept`, whole, { mode: 0o600 });
      expect(await openIt().read(), `${length} bytes`).toEqual(storeOf('one'));
      await openIt().change(addProfile('two', SECRET));
      expect(await openIt().read()).toEqual(storeOf('one', 'two'));
      expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
    }
  });

  test('the kept file alone is as good as the file', async () => {
    await put(whole);
    await rename(file, `${file}.kept`);
    expect(await openIt().read()).toEqual(storeOf('one'));
    await openIt().change(addProfile('two', SECRET));
    expect(await openIt().read()).toEqual(storeOf('one', 'two'));
  });

  test('a whole file wins over the kept one, whatever that is', async () => {
    for (const kept of [JSON.stringify(storeOf('old')), '', '{"profiles":']) {
      await put(whole);
      await writeFile(`${file}.kept`, kept);
      expect(await openIt().read()).toEqual(storeOf('one'));
      await openIt().change(addProfile('two', SECRET));
      expect(await openIt().read()).toEqual(storeOf('one', 'two'));
      expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
    }
  });

  test('both damaged: both are left as they are', async () => {
    await put('{"a":');
    await writeFile(`${file}.kept`, '{"b":');
    expect(await refusal(openIt().change(addProfile('two', SECRET)))).toMatchObject({
      code: 'config_error',
    });
    expect(await readFile(file, 'utf8')).toBe('{"a":');
    expect(await readFile(`${file}.kept`, 'utf8')).toBe('{"b":');
  });

  test('what a killed process had begun to write is removed, and nothing else', async () => {
    await put(whole);
    await writeFile(`${file}.tmp-1234567890abcdef`, SECRET);
    await writeFile(temporary.join('config', 'config.json.mine'), 'mine');
    await openIt().change(addProfile('two', SECRET));
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'config.json.mine', 'lock']);
  });
});

test('a folder that cannot be made is an error with its path', async () => {
  await (await open(temporary.join('config'), 'w')).close();
  expect((await refusal(openIt().change(addProfile('one', SECRET)))).message).toContain(
    `${folder} could not be written (EEXIST)`,
  );
});
