import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OxhostError } from '../../../src/errors.ts';
import { encodeLine } from '../../../src/import/journal/record.ts';
import {
  append,
  countsOf,
  intent,
  open,
  outcome,
  removeFolder,
  temporaryFolder,
} from './opening.ts';

const LOGINS = ['client1', 'client2', 'clïent3 "quoted", \\', 'client4'];
const TIME = '2024-01-02T00:00:00.000Z';
const NEWLINE = 0x0a;

let folder: string;
let file: string;
/** A journal of a header, an intent and an outcome for each login. */
let whole: Buffer;
let lineStarts: number[];

beforeAll(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'journal.ndjson');
  const journal = await open(folder);
  for (const login of LOGINS) {
    await append(journal, intent(login, { generated_password: `p-${login}` }));
    await append(journal, outcome(login, 'created', { id: '1' }));
  }
  await journal.close();
  whole = await readFile(file);
  lineStarts = [0];
  for (const [index, byte] of whole.entries()) {
    if (byte === NEWLINE && index + 1 < whole.length) lineStarts.push(index + 1);
  }
});
afterAll(() => removeFolder(folder));

function startOfLineAt(offset: number): number {
  return lineStarts.findLast((start) => start <= offset) ?? 0;
}

async function tornFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('journal.torn-'));
}

async function removeTornFiles(): Promise<void> {
  for (const name of await tornFiles()) await rm(join(folder, name));
}

describe('a torn last line', () => {
  test('cut at every one of its bytes is cut off, kept aside, and can be written again', async () => {
    const last = lineStarts.at(-1) ?? 0;
    for (let end = last; end < whole.length; end += 1) {
      await writeFile(file, whole.subarray(0, end));
      const journal = await open(folder);
      expect(journal.states.get('client4')).toMatchObject({ status: 'unknown', answered: false });
      expect(countsOf(journal)).toMatchObject({ created: 3, unknown: 1 });
      expect(journal.states.get('client4')?.generated_password).toBe('p-client4');
      expect(await readFile(file)).toEqual(whole.subarray(0, last));
      if (end === last) {
        expect(journal.tornFile).toBeUndefined();
      } else {
        expect(await readFile(journal.tornFile ?? '')).toEqual(whole.subarray(last, end));
        expect((await stat(journal.tornFile ?? '')).mode & 0o777).toBe(0o600);
      }
      if (end % 16 === 0) {
        await append(journal, outcome('client4', 'already_exists'));
        expect((await stat(file)).size).toBeGreaterThan(last);
      }
      await journal.close();
      await removeTornFiles();
    }
  });

  test.each([
    ['zeros, as a power loss may leave', Buffer.alloc(5000)],
    ['another program’s words', Buffer.from('hello')],
    ['zeros and a newline', Buffer.concat([Buffer.alloc(40), Buffer.from('\n')])],
    ['half of a record', encodeLine({ ...intent('client9'), time: TIME }).subarray(0, 40)],
  ])('of %s is kept aside', async (_, tail) => {
    await writeFile(file, Buffer.concat([whole, tail]));
    const journal = await open(folder);
    expect(countsOf(journal).created).toBe(LOGINS.length);
    expect(await readFile(journal.tornFile ?? '')).toEqual(tail);
    await journal.close();
    expect(await readFile(file)).toEqual(whole);
    await removeTornFiles();
  });

  test('that is a whole line, but not what was written, stops the run: it may have been sent', async () => {
    await writeFile(file, Buffer.concat([whole, Buffer.from('{"kind":"intent"}\n')]));
    await expect(open(folder)).rejects.toThrow(`damaged at byte ${whole.length}:`);
  });
});

describe('damage', () => {
  /** What opening says: the offset of the damage, or the bytes that were cut off. */
  async function openDamaged(bytes: Buffer): Promise<{ damagedAt: number } | { torn: Buffer }> {
    await writeFile(file, bytes);
    try {
      const journal = await open(folder);
      const torn =
        journal.tornFile === undefined ? Buffer.alloc(0) : await readFile(journal.tornFile);
      await journal.close();
      return { torn };
    } catch (error) {
      if (!(error instanceof OxhostError)) throw error;
      expect(await readFile(file)).toEqual(bytes);
      return { damagedAt: Number(/is damaged at byte (\d+)/.exec(error.message)?.[1]) };
    } finally {
      await removeTornFiles();
    }
  }

  test('one flipped bit anywhere is refused with its line’s offset, also in the last line', async () => {
    const bits = fc.tuple(fc.nat(whole.length - 1), fc.nat(7));
    const flipped = fc.asyncProperty(bits, async ([offset, bit]) => {
      const bytes = Buffer.from(whole);
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
      expect(await openDamaged(bytes)).toEqual({ damagedAt: startOfLineAt(offset) });
    });
    await fc.assert(flipped, { numRuns: 300 });
  });

  test('a newline that was lost is damage everywhere, even at the very end', async () => {
    for (const start of [...lineStarts.slice(1), whole.length]) {
      const bytes = Buffer.from(whole);
      bytes[start - 1] = 0x0b;
      expect(await openDamaged(bytes)).toEqual({ damagedAt: startOfLineAt(start - 1) });
    }
  });

  test('bytes taken out, put in or exchanged before the last line are refused', async () => {
    const lastStart = lineStarts.at(-1) ?? 0;
    const edits = fc.record({
      at: fc.nat(lastStart - 2),
      removed: fc.nat(20),
      inserted: fc.uint8Array({ maxLength: 20 }),
    });
    const edited = fc.asyncProperty(edits, async ({ at, removed, inserted }) => {
      const end = Math.min(at + removed, lastStart - 1);
      const bytes = Buffer.concat([whole.subarray(0, at), inserted, whole.subarray(end)]);
      fc.pre(!bytes.equals(whole));
      const found = await openDamaged(bytes);
      expect(found).toHaveProperty('damagedAt');
      expect((found as { damagedAt: number }).damagedAt).toBeGreaterThanOrEqual(startOfLineAt(at));
      expect((found as { damagedAt: number }).damagedAt).toBeLessThanOrEqual(at + inserted.length);
    });
    await fc.assert(edited, { numRuns: 200 });
  });

  test('the intent taken out of a pair is noticed by its outcome', async () => {
    const [, first, second] = lineStarts;
    const bytes = Buffer.concat([whole.subarray(0, first), whole.subarray(second)]);
    expect(await openDamaged(bytes)).toEqual({ damagedAt: first });
  });
});
