import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../src/errors.ts';
import { readStore } from '../../src/store/config-file.ts';
import { runProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { addProfile, openAt } from './config-system.ts';

const SECRET = 'sekret-0123456789-abcdefghij-KLMNOP';

let temporary: TemporaryFolder;
let folder: string;
let file: string;
let warnings: string[];
const openIt = () => openAt(folder, warnings);
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
    expect(await openAt(folder, warnings, null).read()).toEqual(storeOf('one'));
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

describe('links', () => {
  const linkTo = async (mode: number, isFolder: boolean): Promise<string> => {
    const real = temporary.join('real');
    await mkdir(real, { mode: 0o700 });
    const target = isFolder ? real : join(real, 'my-settings.json');
    if (isFolder) await chmod(real, mode);
    else await mkdir(folder, { mode: 0o700 });
    const content = isFolder ? join(real, 'config.json') : target;
    await writeFile(content, JSON.stringify(storeOf('one')), { mode: 0o600 });
    if (!isFolder) await chmod(target, mode);
    await symlink(target, isFolder ? folder : file);
    return content;
  };

  test.each([true, false])('to a safe place are followed (to a folder: %s)', async (isFolder) => {
    const content = await linkTo(isFolder ? 0o700 : 0o600, isFolder);
    expect(await openIt().read()).toEqual(storeOf('one'));
    await openIt().change(addProfile('two', SECRET));
    expect((await lstat(isFolder ? folder : file)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(content, 'utf8'))).toEqual(storeOf('one', 'two'));
    expect(await modeOf(content)).toBe(0o600);
    expect(warnings).toEqual([]);
  });

  test('to a file that others can read: a warning, and its mode stays', async () => {
    const content = await linkTo(0o644, false);
    expect(await openIt().read()).toEqual(storeOf('one'));
    expect(warnings).toEqual(['config_readable']);
    expect(await modeOf(content)).toBe(0o644);
  });

  test.each([
    ['a file that others can write', false, 0o666, async () => {}],
    ['a folder that others can write', true, 0o777, async () => {}],
    ['a file in such a folder', false, 0o600, () => chmod(temporary.join('real'), 0o777)],
    ['nothing', false, 0o600, () => rm(temporary.join('real', 'my-settings.json'))],
  ])('to %s are refused, and nothing is changed', async (_what, isFolder, mode, spoil) => {
    const content = await linkTo(mode, isFolder);
    await spoil();
    const before = await readFile(content).catch(() => null);
    for (const method of ['read', 'change'] as const) {
      const work = openIt()[method](addProfile('two', SECRET));
      expect(await refusal(work)).toMatchObject({ code: 'config_error' });
    }
    expect(await readFile(content).catch(() => null)).toEqual(before);
  });
});

describe.skipIf(process.getuid?.() !== 0)('owners (needs root, if skipped)', () => {
  const NOBODY = 65_534;
  const asNobody = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    await chmod(temporary.path, 0o755);
    process.seteuid?.(NOBODY);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  };
  const mine = async (path: string, uid = NOBODY) => chown(path, uid, uid);

  test.each([
    ['the file', () => mine(file, 1234)],
    ['the folder', () => mine(folder, 1234)],
    [
      'a linked file',
      async () => {
        await rename(file, temporary.join('elsewhere'));
        await symlink(temporary.join('elsewhere'), file);
        await mine(temporary.join('elsewhere'), 1234);
      },
    ],
    [
      'the link',
      async () => {
        await rename(file, temporary.join('elsewhere'));
        await symlink(temporary.join('elsewhere'), file);
        await lchown(file, 1234, 1234);
      },
    ],
  ])('%s of somebody else is refused by name, with the way out', async (_what, spoil) => {
    await put(JSON.stringify(storeOf('one')), 0o644);
    await chmod(folder, 0o755);
    await mine(folder);
    await mine(file);
    await mine(temporary.path);
    await spoil();
    const error = await asNobody(() => refusal(openIt().read()));
    expect(error).toMatchObject({
      code: 'config_error',
      message: expect.stringMatching(/ belongs to another user \(1234\), so it is not used\.$/),
      details: { hint: expect.stringContaining(`sudo chown -R ${NOBODY} ${temporary.path}`) },
    });
    await asNobody(async () => refusal(openIt().change(addProfile('two', SECRET))));
  });

  test("root's are used; of others that could write them, they are refused", async () => {
    await put(JSON.stringify(storeOf('one')), 0o644);
    await chmod(folder, 0o755);
    expect(await asNobody(() => openIt().read())).toEqual(storeOf('one'));
    expect(warnings).toEqual(['config_readable']);
    await chmod(file, 0o666);
    expect((await asNobody(() => refusal(openIt().read()))).message).toContain(
      `Others can write to ${file}`,
    );
    await chmod(file, 0o644);
    await chmod(folder, 0o777);
    expect((await asNobody(() => refusal(openIt().read()))).message).toContain(
      `Others can write to ${folder}`,
    );
  });

  test('a folder that is closed to us has no keys for us', async () => {
    folder = temporary.join('closed', 'config');
    file = join(folder, 'config.json');
    await mkdir(temporary.join('closed'), { mode: 0o700 });
    await put(JSON.stringify(storeOf('one')));
    expect(await asNobody(() => openIt().read())).toEqual(storeOf());
  });

  test("under sudo what is made in a user's home is that user's", async () => {
    await mine(temporary.path, 1234);
    folder = temporary.join('.config', 'oxhost');
    await openIt().change(addProfile('one', SECRET));
    for (const name of [
      '.config',
      '.config/oxhost',
      '.config/oxhost/config.json',
      '.config/oxhost/lock',
    ]) {
      expect((await stat(temporary.join(name))).uid, name).toBe(1234);
    }
    await openIt().change(addProfile('two', SECRET));
    expect(await openIt().read()).toEqual(storeOf('one', 'two'));
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
    'a profile with a key and a command',
    `{"profiles":{"one":{"key":"${SECRET}","key_command":"x","origin":"https://0xhost.com"}}}`,
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

  test('a byte order mark is no damage', async () => {
    await put(`\ufeff${JSON.stringify(storeOf('one'))}`);
    expect(await openIt().read()).toEqual(storeOf('one'));
    await openIt().change(addProfile('two', SECRET));
    expect(await openIt().read()).toEqual(storeOf('one', 'two'));
  });
});

test('what a killed process had begun to write is removed, and nothing else', async () => {
  await put(JSON.stringify(storeOf('one')));
  await writeFile(join(folder, 'config.new.json'), '{"current":"o');
  await writeFile(join(folder, 'config.new.json.tmp-1234567890abcdef'), SECRET);
  await writeFile(join(folder, 'config.json.mine'), 'mine');
  await openIt().change(addProfile('two', SECRET));
  expect(await openIt().read()).toEqual(storeOf('one', 'two'));
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'config.json.mine', 'lock']);
});

test('a folder that cannot be made is an error with its path', async () => {
  await (await open(temporary.join('config'), 'w')).close();
  expect((await refusal(openIt().change(addProfile('one', SECRET)))).message).toContain(
    `${folder} could not be written (ENOTDIR)`,
  );
});

test('a mere look gives what is stored, and leaves modes alone', async () => {
  await put(JSON.stringify(storeOf('one')), 0o644);
  await chmod(folder, 0o755);
  const userId = process.geteuid?.() ?? null;
  expect((await readStore(folder, userId, null))?.store).toEqual(storeOf('one'));
  expect([await modeOf(folder), await modeOf(file)]).toEqual([0o755, 0o644]);
  // The same by whoever uses it, so that the test above means something.
  await openIt().read();
  expect(await modeOf(file)).toBe(0o600);
});
