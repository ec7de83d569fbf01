import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileIdentity, isSameIdentity } from '../../../src/import/reader/file.ts';
import { InputError } from '../../../src/import/reader/input-error.ts';
import { inspectInput, readRows } from '../../../src/import/reader/read.ts';
import { spool } from '../../../src/import/reader/spool.ts';
import { asOrdinaryUser } from '../../support/ordinary-user.ts';
import { failureOf, readAll } from './reading.ts';

let folder: string;
const isWindows = process.platform === 'win32';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oxhost-reader-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('the format', () => {
  const csv = 'name,login\nA,a\n';
  const tsv = 'name\tlogin\nA\ta\n';
  const ndjson = '{"name":"A","login":"a"}\n';
  const json = '[{"name":"A","login":"a"}]';

  test.each([
    ['clients.csv', csv, 'csv'],
    ['clients.CSV', csv, 'csv'],
    ['clients.csv', tsv, 'csv'],
    ['clients.tsv', tsv, 'tsv'],
    ['clients.ndjson', ndjson, 'ndjson'],
    ['clients.jsonl', ndjson, 'ndjson'],
    ['clients.json', json, 'json'],
    ['clients', csv, 'csv'],
    ['clients.txt', tsv, 'csv'],
    ['clients.csv.bak', ndjson, 'ndjson'],
    ['clients', `\uFEFF\r\n ${ndjson}`, 'ndjson'],
    ['clients', ` \n${json}`, 'json'],
  ])('of %s is found', async (name, content, format) => {
    const { shape, rows } = await readAll(await write(name, content));
    expect(shape.format).toBe(format);
    expect(shape.columns).toEqual(['name', 'login']);
    expect(rows.map(({ cells }) => cells)).toEqual([['A', 'a']]);
  });

  test('that is given stands above the ending', async () => {
    const { rows } = await readAll(await write('clients.csv', ndjson), { format: 'ndjson' });
    expect(rows).toHaveLength(1);
  });

  test('of an empty file does not matter', async () => {
    for (const name of ['a.csv', 'a.tsv', 'a.ndjson', 'a.json', 'a']) {
      const { shape, items } = await readAll(await write(name, ''));
      expect(shape.columns).toEqual([]);
      expect(items).toEqual([]);
    }
  });
});

describe('what is no regular file is refused at once', () => {
  test('a folder', async () => {
    await mkdir(join(folder, 'clients.csv'));
    const path = join(folder, 'clients.csv');
    expect(await failureOf(inspectInput(path))).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('is a folder; only a regular file'),
    });
    expect(await failureOf(fileIdentity(path))).toBeInstanceOf(InputError);
  });

  test.skipIf(isWindows)('a named pipe that nobody writes to (POSIX only)', async () => {
    const path = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [path]);
    expect(await failureOf(inspectInput(path))).toMatchObject({
      message: expect.stringContaining('is a named pipe'),
      hint: expect.stringContaining('give -'),
    });
    expect(await failureOf(fileIdentity(path))).toBeInstanceOf(InputError);
  });

  test.skipIf(isWindows)('a socket (POSIX only)', async () => {
    const path = join(folder, 'socket.csv');
    const server = createServer().listen(path);
    await once(server, 'listening');
    try {
      expect(await failureOf(inspectInput(path))).toBeInstanceOf(InputError);
    } finally {
      server.close();
    }
  });

  test.skipIf(isWindows).each(['/dev/zero', '/dev/null'])('%s (POSIX only)', async (path) => {
    expect(await failureOf(inspectInput(path))).toMatchObject({
      message: expect.stringContaining('is a device'),
    });
  });

  test('a file that does not exist', async () => {
    expect(await failureOf(inspectInput(join(folder, 'none.csv')))).toMatchObject({
      message: expect.stringContaining('does not exist'),
    });
  });

  test.skipIf(isWindows)('an unreadable file (POSIX only)', async () => {
    const path = await write('clients.csv', 'a,b\n');
    await chmod(path, 0o000);
    const failure = await asOrdinaryUser(folder, () => failureOf(inspectInput(path)));
    expect(failure).toMatchObject({ message: expect.stringContaining('may not be read') });
  });

  test.skipIf(isWindows)('but a symbolic link to a file is read (POSIX only)', async () => {
    await write('real.csv', 'a,b\n1,2\n');
    await symlink('real.csv', join(folder, 'link.csv'));
    expect((await readAll(join(folder, 'link.csv'))).rows).toHaveLength(1);
  });
});

describe('the identity of a file', () => {
  test('is the same as long as nothing happens to it', async () => {
    const path = await write('clients.csv', 'a,b\n');
    const before = await fileIdentity(path);
    await readAll(path);
    expect(isSameIdentity(before, await fileIdentity(path))).toBe(true);
  });

  test.each<[string, (path: string) => Promise<unknown>]>([
    ['appended to', (path) => appendFile(path, 'x')],
    ['cut', (path) => truncate(path, 1)],
    ['touched', (path) => utimes(path, 1_000, 1_000)],
    [
      'replaced by another of the same size and time',
      async (path) => {
        await writeFile(`${path}.new`, 'A,B\n');
        await utimes(`${path}.new`, 2_000, 2_000);
        await rename(`${path}.new`, path);
      },
    ],
  ])('changes when it is %s', async (_title, change) => {
    const path = await write('clients.csv', 'a,b\n');
    await utimes(path, 2_000, 2_000);
    const before = await fileIdentity(path);
    await change(path);
    expect(isSameIdentity(before, await fileIdentity(path))).toBe(false);
  });

  test('a file that keeps growing is read as far as it reached at first', async () => {
    const path = await write('clients.csv', `a,b\n${'1,2\n'.repeat(30_000)}`);
    const shape = await inspectInput(path);
    let count = 0;
    for await (const _row of readRows(path, shape)) {
      if (count % 10_000 === 0) await appendFile(path, '3,4\n'.repeat(50_000));
      count += 1;
    }
    expect(count).toBe(30_000);
  });

  test.skipIf(process.platform !== 'linux')('no file stays open (/proc: Linux only)', async () => {
    const good = await write('good.csv', `a,b\n${'1,2\n'.repeat(50_000)}`);
    const bad = await write('bad.csv', 'a,,b\n');
    const json = await write('bad.json', '[{"a":1},]');
    const before = (await readdir('/proc/self/fd')).length;
    for (let round = 0; round < 20; round += 1) {
      const shape = await inspectInput(good);
      for await (const _row of readRows(good, shape)) break;
      await failureOf(inspectInput(bad));
      await failureOf(inspectInput(json));
      await failureOf(inspectInput(folder, { format: 'csv' }));
    }
    expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10);
  });
});

describe('spooling', () => {
  async function* pieces(...parts: string[]) {
    for (const part of parts) yield Buffer.from(part);
  }

  test('writes all of a stream to a private file', async () => {
    const path = join(folder, 'input');
    expect(await spool(pieces('a,b\n', '1,2\n'), path, { maximumBytes: 8 })).toBe(8);
    expect(await readFile(path, 'utf8')).toBe('a,b\n1,2\n');
    if (!isWindows) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('refuses a stream that is too long and leaves nothing behind', async () => {
    const path = join(folder, 'input');
    const error = await failureOf(spool(pieces('12345', '6789'), path, { maximumBytes: 8 }));
    expect(error).toBeInstanceOf(InputError);
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves nothing behind when the stream fails', async () => {
    async function* failing() {
      yield Buffer.from('a,b\n');
      throw new Error('cut off');
    }
    const path = join(folder, 'input');
    await expect(spool(failing(), path, { maximumBytes: 8 })).rejects.toThrow('cut off');
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(isWindows)('does not follow or replace what is there (POSIX only)', async () => {
    const target = await write('target', 'precious');
    await symlink('target', join(folder, 'link'));
    await symlink('nowhere', join(folder, 'dangling'));
    for (const name of ['target', 'link', 'dangling']) {
      const error = await failureOf(spool(pieces('x'), join(folder, name), { maximumBytes: 8 }));
      expect(error).toBeInstanceOf(InputError);
    }
    expect(await readFile(target, 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual(['dangling', 'link', 'target']);
  });

  test('tells of a folder that is not there as the system does', async () => {
    const path = join(folder, 'none', 'input');
    await expect(spool(pieces('x'), path, { maximumBytes: 8 })).rejects.toThrow('ENOENT');
  });
});
