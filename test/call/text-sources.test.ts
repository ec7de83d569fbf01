import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStandardInput, readTextFile } from '../../src/call/text-sources.ts';
import { MemoryInput } from '../support/memory-streams.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const LARGEST = 1_048_576;
const never = new AbortController().signal;
const read = (stdin: MemoryInput, signal = never) => readStandardInput(stdin, '--input', signal);

describe('standard input', () => {
  test('all of it, in however many pieces', async () => {
    const stdin = new MemoryInput();
    const text = read(stdin);
    stdin.feed('Grö');
    stdin.push(Buffer.from([0xe7, 0xa4]));
    stdin.push(Buffer.from([0xba]));
    stdin.finish();
    expect(await text).toBe('Grö示');
  });

  test('empty', async () => {
    expect(await read(new MemoryInput(''))).toBe('');
  });

  test('a byte order mark is not part of the text', async () => {
    expect(await read(new MemoryInput('\ufeffabc'))).toBe('abc');
  });

  test.each([
    ['little', [0xff, 0xfe, 0x47, 0, 0xf6, 0, 0x3a, 0x79, 0x0d, 0, 0x0a, 0]],
    ['big', [0xfe, 0xff, 0, 0x47, 0, 0xf6, 0x79, 0x3a, 0, 0x0d, 0, 0x0a]],
  ])("UTF-16 with its mark, %s end first, as PowerShell's > writes", async (_which, bytes) => {
    const stdin = new MemoryInput();
    stdin.push(Buffer.from(bytes));
    stdin.finish();
    expect(await read(stdin)).toBe('Gö示\r\n');
  });

  test('not UTF-8', async () => {
    const stdin = new MemoryInput();
    stdin.push(Buffer.from('Größe', 'latin1'));
    stdin.finish();
    await expect(read(stdin)).rejects.toMatchObject({
      code: 'invalid_input',
      message: '--input must be UTF-8 text.',
    });
  });

  test('just as long as allowed, and one byte more', async () => {
    expect(await read(new MemoryInput('a'.repeat(LARGEST)))).toHaveLength(LARGEST);
    await expect(read(new MemoryInput('a'.repeat(LARGEST + 1)))).rejects.toMatchObject({
      code: 'invalid_input',
      message: `--input must not be longer than ${LARGEST} bytes.`,
    });
  });

  test('endless: given up, not collected', async () => {
    const stdin = new MemoryInput();
    const text = read(stdin);
    stdin.feed('a'.repeat(LARGEST));
    stdin.feed('a');
    await expect(text).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('that cannot be read', async () => {
    const stdin = new MemoryInput();
    const text = read(stdin);
    stdin.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
    await expect(text).rejects.toMatchObject({
      code: 'invalid_input',
      message: '--input: standard input cannot be read (EIO).',
    });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s while it is waited for', async (signal, exitCode) => {
    const stop = new AbortController();
    const text = read(new MemoryInput(), stop.signal);
    stop.abort(signal);
    await expect(text).rejects.toMatchObject({ code: 'cancelled', details: { exitCode } });
  });
});

describe('a file', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(folder.join('folder'));
    await writeFile(folder.join('text'), 'Größe\n');
    await writeFile(folder.join('marked'), '\ufeffabc');
    await writeFile(folder.join('latin1'), Buffer.from('Größe', 'latin1'));
    await writeFile(folder.join('large'), Buffer.alloc(2_000_000, 'a'));
    await symlink('loop', folder.join('loop'));
  });
  afterAll(() => folder.close());

  test('as it is', async () => {
    expect(await readTextFile(folder.join('text'), '--input', never)).toBe('Größe\n');
  });

  test('without its byte order mark', async () => {
    expect(await readTextFile(folder.join('marked'), '--input', never)).toBe('abc');
  });

  test.each([
    ['missing', 'there is no such file', (name: string) => `--input: ${name} cannot be read`],
    ['folder', 'is a folder', (name: string) => `--input: ${name} is a folder`],
    ['latin1', 'must be UTF-8 text', () => '--input must be UTF-8 text'],
    ['large', 'must not be longer', () => `--input must not be longer than ${LARGEST} bytes`],
  ])('%s', async (name, why, begins) => {
    const error = await readTextFile(folder.join(name), '--input', never).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_input' });
    expect(error.message).toContain(why);
    expect(error.message).toContain(begins(folder.join(name)));
  });

  test('that the system does not open', async () => {
    await expect(readTextFile(folder.join('loop'), '--input', never)).rejects.toMatchObject({
      code: 'invalid_input',
      message: `--input: ${folder.join('loop')} cannot be read (ELOOP).`,
    });
  });

  test.skipIf(process.platform === 'win32')(
    'an endless device (there is one on Unix)',
    async () => {
      await expect(readTextFile('/dev/zero', '--password-file', never)).rejects.toMatchObject({
        code: 'invalid_input',
        message: `--password-file must not be longer than ${LARGEST} bytes.`,
      });
    },
  );

  test.skipIf(process.platform === 'win32')('a named pipe (there are some on Unix)', async () => {
    execFileSync('mkfifo', [folder.join('pipe')]);
    const text = readTextFile(folder.join('pipe'), '--password-file', never);
    await writeFile(folder.join('pipe'), 'Secret-1\n');
    expect(await text).toBe('Secret-1\n');
  });

  test.skipIf(process.platform === 'win32')(
    'a named pipe that nobody writes to (Unix)',
    async () => {
      execFileSync('mkfifo', [folder.join('silent')]);
      const stop = new AbortController();
      const text = readTextFile(folder.join('silent'), '--password-file', stop.signal);
      setTimeout(() => stop.abort('SIGINT'), 100);
      await expect(text).rejects.toMatchObject({ code: 'cancelled', details: { exitCode: 130 } });
    },
  );
});
