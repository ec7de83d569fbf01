import { spawnSync } from 'node:child_process';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../../src/errors.ts';
import type { Journal } from '../../../src/import/journal/journal.ts';
import { canMountSmallDisk, mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { append, intent, open, outcome, passwordOf } from './opening.ts';

let disk: SmallDisk;
let folder: string;
let file: string;

const remount = (options: string) => spawnSync('mount', ['-o', `remount,${options}`, disk.path]);

/** Appends clients one after the other until the disk is full, and gives the logins on disk. */
async function appendUntilFull(journal: Journal): Promise<string[]> {
  const durable: string[] = [];
  for (let number = 1; ; number += 1) {
    const login = `client${number}`;
    try {
      await append(journal, intent(login, { generated_password: passwordOf(login) }));
      durable.push(login);
      await append(journal, outcome(login, 'created', { id: `id-${login}` }));
    } catch {
      return durable;
    }
  }
}

describe.skipIf(!(await canMountSmallDisk()))(
  'on a disk of 64 kB (needs the right to mount, if skipped)',
  () => {
    beforeEach(async () => {
      disk = await mountSmallDisk(16);
      folder = join(disk.path, 'job');
      file = join(folder, 'journal.ndjson');
    });
    afterEach(() => disk.unmount());

    test('full in the middle: all that was promised is there after space is made', async () => {
      const journal = await open(folder);
      const durable = await appendUntilFull(journal);
      expect(durable.length).toBeGreaterThan(50);
      expect(journal.failure).toBeInstanceOf(OxhostError);
      expect(journal.failure?.message).toBe(`Cannot write ${file}: the disk is full (ENOSPC).`);
      await journal.close();

      const torn = await readFile(file);
      expect(torn.at(-1)).not.toBe(0x0a);
      await expect(open(folder)).rejects.toThrow('the disk is full (ENOSPC)');
      expect(await readFile(file)).toEqual(torn);

      remount('size=256k');
      const again = await open(folder);
      expect(again.tornFile).toBeDefined();
      for (const login of durable) {
        expect(again.states.get(login)?.generated_password).toBe(passwordOf(login));
      }
      for (const login of durable.slice(0, -1))
        expect(again.states.get(login)?.status).toBe('created');
      await append(again, intent('one-more'));
      await again.close();
    });

    test('space that comes back does not bring a failed journal back', async () => {
      const journal = await open(folder);
      await disk.fillUpTo(0);
      await appendUntilFull(journal);
      const { size } = await stat(file);
      await disk.empty();
      await expect(append(journal, intent('late'))).rejects.toBe(journal.failure);
      await journal.close();
      expect((await stat(file)).size).toBe(size);
      await (await open(folder)).close();
    });

    test('full from the start: refused, and nothing half-made is left', async () => {
      await mkdir(folder, { mode: 0o700 });
      await writeFile(join(folder, 'lock'), '');
      await disk.fillUpTo(0);
      const refusal = open(folder);
      await expect(refusal).rejects.toBeInstanceOf(OxhostError);
      await expect(refusal).rejects.toThrow('the disk is full');
      expect(await readdir(folder)).toEqual(['lock']);
      await disk.empty();
      await (await open(folder)).close();
      await access(file);
    });

    test.each([
      ['without a journal', false],
      ['with one', true],
    ])('a read-only disk %s is refused', async (_, existing) => {
      if (existing) await (await open(folder)).close();
      else await mkdir(folder, { mode: 0o700 });
      remount('ro');
      const refusal = open(folder);
      await expect(refusal).rejects.toBeInstanceOf(OxhostError);
      await expect(refusal).rejects.toThrow('the file system is read-only');
      await expect(open(join(disk.path, 'new'))).rejects.toThrow('the file system is read-only');
    });
  },
);
