import { appendFile, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { type Call, canTrace, traceNode, UNDER_STRACE } from '../../support/strace.ts';
import { append, intent, open, removeFolder, temporaryFolder } from './opening.ts';

let child: BundledChild;
let root: string;

beforeAll(async () => {
  child = await bundleChild(new URL('./journal.child.ts', import.meta.url));
});
afterAll(() => child.remove());
beforeEach(async () => {
  root = await temporaryFolder();
});
afterEach(() => removeFolder(root));

/** What is done on the disk before the first record is written, such as `fsync job/journal.ndjson`. */
async function stepsUntilFirstRecord(folder: string): Promise<string[]> {
  const { exitCode, calls } = await traceNode([child.path, 'durable', folder, '1', '1'], {
    log: join(root, 'trace'),
    calls: '/^(fsync|fdatasync|ftruncate|rename.*|mkdir.*|pwrite64)$',
    length: 4096,
  });
  expect(exitCode).toBe(0);
  const first = calls.findIndex(({ name, text }) => name === 'pwrite64' && !isOfLock(text));
  expect(first).toBeGreaterThan(0);
  return calls.slice(0, first).filter(succeeded).flatMap(step);
}

/** What it says of its holder proves nothing and need not be on the disk. */
function isOfLock(text: string): boolean {
  return text.includes('/lock>') || text.includes('/lock"');
}

function succeeded({ text }: Call): boolean {
  return / = \d/.test(text);
}

/** Call and file; of a rename, the new name. Files elsewhere are none of ours. */
function step({ name, text }: Call): string[] {
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map(([, path = '']) => path);
  const path = quoted.at(-1) ?? /<([^>]*)>/.exec(text)?.[1] ?? '';
  if (!path.startsWith(root) || isOfLock(text)) return [];
  return [`${name.replace(/at2?$/, '')} ${relative(root, path) || '.'}`];
}

describe.skipIf(!canTrace)(UNDER_STRACE, () => {
  test('the names of a new journal and of all new folders above it are on disk before the first record', async () => {
    const steps = await stepsUntilFirstRecord(join(root, 'above', 'job'));
    expect(steps).toEqual([
      'mkdir above',
      'fsync .',
      'mkdir above/job',
      'fsync above',
      'fsync above/job/journal.ndjson.new',
      'fsync above/job',
      'rename above/job/journal.ndjson',
      'fsync above/job/journal.ndjson',
      'fsync above/job',
      'fsync above',
    ]);
  });

  test('what a torn journal is cut to is on disk before the first record, and its tail aside before that', async () => {
    const folder = join(root, 'job');
    await mkdir(folder, { mode: 0o700 });
    const journal = await open(folder);
    await append(journal, intent('another'));
    await journal.close();
    await appendFile(journal.path, '{"kind":"inte');
    const steps = await stepsUntilFirstRecord(folder);
    expect(steps).toEqual([
      'fsync job/journal.torn-1',
      'fsync job',
      'ftruncate job/journal.ndjson',
      'fsync job/journal.ndjson',
      'fsync job',
      'fsync .',
    ]);
  });

  test('a whole journal, and its name, are on disk before the first record: the run before may have been killed', async () => {
    const folder = join(root, 'job');
    const journal = await open(folder);
    await append(journal, intent('another'));
    await journal.close();
    expect(await stepsUntilFirstRecord(folder)).toEqual([
      'fsync job/journal.ndjson',
      'fsync job',
      'fsync .',
    ]);
  });
});
