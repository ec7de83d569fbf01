import { randomUUID } from 'node:crypto';
import { chown, link, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../src/import/batch-file.ts';
import { inRowOrder } from '../../src/import/row-order.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const isRoot = process.geteuid?.() === 0;
const isWindows = process.platform === 'win32';
const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const SECRET = 'client1,secret\n';

let folder: TemporaryFolder;
let results: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  results = folder.join('results.csv');
});
afterEach(() => folder.close());

const system = (uuid: () => string = randomUUID) => ({
  platform: process.platform,
  randomUUID: uuid as typeof randomUUID,
  userId: () => process.geteuid?.() ?? null,
});

test('a file prepared under a known name is neither written nor put in the place', async () => {
  const prepared = ['results.csv.oxhost-tmp', 'results.csv.oxhost-unsorted'];
  for (const name of prepared) await writeFile(folder.join(name), 'prepared');
  await replaceFile(results, system(), (file) =>
    inRowOrder(results, system(), file, (order) => order.add(1, SECRET)),
  );
  for (const name of prepared) expect(await readFile(folder.join(name), 'utf8')).toBe('prepared');
  expect(await readFile(results, 'utf8')).toBe(SECRET);
  expect((await stat(results)).mode & 0o777).toBe(isWindows ? 0o666 : 0o600);
  expect((await readdir(folder.path)).sort()).toEqual(['results.csv', ...prepared]);
});

/** Another user's where this one may give files away, or else a link, which is not removed either. */
async function prepare(path: string): Promise<void> {
  const real = folder.join('theirs');
  await writeFile(real, 'theirs');
  if (isRoot) {
    await link(real, path);
    await chown(path, 65_534, 65_534);
  } else await symlink(real, path);
}

test.skipIf(isWindows)(
  'even a guessed name gives nothing away (Windows has other owners and links)',
  async () => {
    await prepare(`${results}.01234567.oxhost-tmp`);
    await writeFile(results, 'earlier');
    const written = replaceFile(
      results,
      system(() => UUID),
      (file) => file.writeFile(SECRET),
    );
    await expect(written).rejects.toMatchObject({ name: 'JournalFolderError' });
    expect(await readFile(folder.join('theirs'), 'utf8')).toBe('theirs');
    expect(await readFile(results, 'utf8')).toBe('earlier');
  },
);

test.skipIf(isWindows)(
  'nor for what is not in order yet (Windows has other owners and links)',
  async () => {
    await prepare(`${results}.01234567.oxhost-unsorted`);
    const target = await open(results, 'w');
    const ordered = inRowOrder(
      results,
      system(() => UUID),
      target,
      (order) => order.add(1, SECRET),
    );
    await expect(ordered).rejects.toMatchObject({ name: 'JournalFolderError' });
    await target.close();
    expect(await readFile(folder.join('theirs'), 'utf8')).toBe('theirs');
  },
);

test('what killed runs left is taken away, and nothing else', async () => {
  const left = ['results.csv.aaaaaaaa.oxhost-tmp', 'results.csv.0123abcd.oxhost-unsorted'];
  const others = [
    'other.csv.aaaaaaaa.oxhost-tmp',
    'results.csv.aaaaaaaa.oxhost-tmp.bak',
    'results.csv.notes.oxhost-tmp',
    'results.csv.tmp',
  ];
  for (const name of [...left, ...others]) await writeFile(folder.join(name), name);
  await replaceFile(results, system(), (file) => file.writeFile(SECRET));
  expect((await readdir(folder.path)).sort()).toEqual([...others, 'results.csv'].sort());
});

test.skipIf(!isRoot)(
  "another user's file of such a name stays (needs root to give one away)",
  async () => {
    await prepare(`${results}.aaaaaaaa.oxhost-tmp`);
    await replaceFile(results, system(), (file) => file.writeFile(SECRET));
    expect(await readFile(`${results}.aaaaaaaa.oxhost-tmp`, 'utf8')).toBe('theirs');
    expect((await stat(results)).uid).toBe(0);
  },
);
