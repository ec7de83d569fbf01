import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fileFinding, folderFinding, lookAt, type Place } from '../../src/doctor/folder.ts';
import { OxhostError } from '../../src/errors.ts';
import { type BundledChild, bundleChild } from '../bundle-child.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const NOBODY = 65_534;

const place = (changes: Partial<Place>): Place => ({
  ...{ path: '/a b/oxhost', kind: 'folder', mode: 0o700, isReadable: true, isWritable: true },
  ...changes,
});
const refusal = new OxhostError('config_error', 'It is a link.', { hint: 'Mend it.' });

test.each<[string, Partial<Place>, string, RegExp]>([
  ['private', {}, 'ok', /open to you alone/],
  ['on a system without modes', { mode: null }, 'ok', /open to you alone/],
  ['missing', { kind: 'missing' }, 'ok', /does not exist yet/],
  ['missing for good', { kind: 'missing', isWritable: false }, 'error', /cannot be made/],
  ['open to the group', { mode: 0o750 }, 'error', /mode 0750.*chmod 700 '\/a b\/oxhost'$/],
  ['open to all', { mode: 0o755 }, 'error', /mode 0755/],
  ['writable for all', { mode: 0o702 }, 'error', /mode 0702/],
  ['closed', { isReadable: false }, 'error', /closed to you/],
  ['in a closed one', { kind: 'closed', isReadable: false }, 'error', /closed to you/],
  ['not writable', { isWritable: false }, 'error', /cannot be written to/],
  ['a file', { kind: 'file' }, 'error', /is no folder/],
  ['a pipe', { kind: 'other' }, 'error', /is no folder/],
])('a folder that is %s', (_name, changes, status, text) => {
  const found = folderFinding(place(changes), null);
  expect(found).toMatchObject({ name: 'folder', status, exitCode: status === 'ok' ? 0 : 1 });
  expect(`${found.message} ${found.hint ?? ''}`.trim()).toMatch(text);
  expect(found.hint === null).toBe(status === 'ok');
});

test('a folder that is a link: as every command says it', () => {
  expect(folderFinding(place({ kind: 'link' }), refusal)).toMatchObject({
    ...{ status: 'error', message: 'It is a link.', hint: 'Mend it.', exitCode: 1 },
  });
});

test.each<[string, Partial<Place>, Parameters<typeof fileFinding>[1], string, RegExp]>([
  ['private', { mode: 0o600 }, { profiles: 2 }, 'ok', /has 2 profiles\.$/],
  ['with one', { mode: 0o400 }, { profiles: 1 }, 'ok', /has 1 profile\.$/],
  ['without modes', { mode: null }, { profiles: 0 }, 'ok', /has 0 profiles\.$/],
  ['missing', { kind: 'missing', mode: null }, { profiles: 0 }, 'ok', /Nothing is stored yet/],
  ['closed', { kind: 'closed', mode: null }, { profiles: 0 }, 'skipped', /because of folder/],
  ['open', { mode: 0o644 }, { profiles: 1 }, 'error', /mode 0644.*chmod 600 '\/a b\/oxhost'$/],
  ['open to the group', { mode: 0o640 }, { profiles: 1 }, 'error', /mode 0640/],
  ['refused', { mode: 0o644 }, { refusal }, 'error', /^It is a link\. Mend it\.$/],
])('a file that is %s', (_name, changes, stored, status, text) => {
  const found = fileFinding(place({ kind: 'file', ...changes }), stored);
  expect(found).toMatchObject({ name: 'settings', status, exitCode: status === 'error' ? 1 : 0 });
  expect(`${found.message} ${found.hint ?? ''}`.trim()).toMatch(text);
});

describe('real ones', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await chmod(folder.path, 0o700);
    await folder.close();
  });
  const look = (name: string) => lookAt(folder.join(name), process.platform);

  test('are told apart', async () => {
    await mkdir(folder.join('folder'), { mode: 0o750 });
    await writeFile(folder.join('file'), '', { mode: 0o640 });
    await symlink(folder.join('folder'), folder.join('link'));
    await symlink(folder.join('none'), folder.join('lost'));
    expect(await look('folder')).toMatchObject({ kind: 'folder', mode: 0o750, isWritable: true });
    expect(await look('file')).toMatchObject({ kind: 'file', mode: 0o640 });
    expect(await look('link')).toMatchObject({ kind: 'link' });
    expect(await look('lost')).toMatchObject({ kind: 'link' });
    expect(await look('none')).toMatchObject({ kind: 'missing', isWritable: true });
    expect(await look('none/below/it')).toMatchObject({ kind: 'missing', isWritable: true });
    expect(await lookAt(folder.join('file'), 'win32')).toMatchObject({ mode: null });
  });

  describe('as somebody whom modes hold back', () => {
    let child: BundledChild;
    beforeAll(async () => {
      child = await bundleChild(new URL('folder.child.ts', import.meta.url));
    });
    afterAll(() => child.remove());

    /** The code goes in as text: its file is closed to that user, too. */
    async function lookAsNobody(...names: string[]): Promise<Partial<Place>[]> {
      const isRoot = process.getuid?.() === 0;
      if (isRoot) await chown(folder.path, NOBODY, NOBODY);
      const places = names.map((name) => folder.join(name));
      const code = await readFile(child.path, 'utf8');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '-e', code, 'child', ...places],
        { cwd: '/', ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}) },
      );
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    }

    test.each([
      ['may be used', 0o700, { kind: 'folder', isReadable: true, isWritable: true }],
      ['may only be read', 0o500, { kind: 'folder', isReadable: true, isWritable: false }],
      ['may only be written', 0o300, { kind: 'folder', isReadable: false, isWritable: true }],
      ['is closed', 0o000, { kind: 'folder', isReadable: false, isWritable: false }],
    ])('a folder that %s', async (_name, mode, expected) => {
      await chmod(folder.path, mode);
      expect(await lookAsNobody('.')).toMatchObject([expected]);
    });

    test('what is in a folder that is closed', async () => {
      await writeFile(folder.join('file'), '');
      await chmod(folder.path, 0o600);
      expect(await lookAsNobody('file', 'none')).toMatchObject([
        { kind: 'closed' },
        { kind: 'closed' },
      ]);
    });

    test('what could be made in one', async () => {
      await chmod(folder.path, 0o500);
      expect(await lookAsNobody('none/below')).toMatchObject([
        { kind: 'missing', isWritable: false },
      ]);
      await chmod(folder.path, 0o700);
      expect(await lookAsNobody('none/below')).toMatchObject([
        { kind: 'missing', isWritable: true },
      ]);
    });
  });
});
