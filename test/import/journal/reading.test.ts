import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { viewJournal } from '../../../src/import/journal/open.ts';
import {
  append,
  countsOf,
  intent,
  ORIGIN,
  open,
  outcome,
  removeFolder,
  temporaryFolder,
} from './opening.ts';

let parent: string;
let folder: string;
let file: string;

beforeEach(async () => {
  parent = await temporaryFolder();
  folder = join(parent, 'clients.csv.oxhost');
  file = join(folder, 'journal.ndjson');
});
afterEach(() => removeFolder(parent));

describe('what is read back', () => {
  test('states, counts, passwords and inputs after a restart', async () => {
    const first = await open(folder);
    const input = first.hash({ login: 'client1', password: 'x', company: undefined });
    await append(first, intent('client1', { row: 3, input, generated_password: 'p1' }));
    await append(first, outcome('client1', 'rejected', { error: { code: 'r', message: 'weak' } }));
    await append(first, intent('client1', { row: 3, attempt: 2, input, generated_password: 'p2' }));
    await append(first, outcome('client1', 'created', { attempt: 2, id: '7' }));
    await append(first, intent('client2', { row: 4, generated_password: 'p3' }));
    await append(first, intent('client\ud800', { row: 5 }));
    await append(first, outcome('client\ud800', 'not_sent'));
    await first.close();

    const second = await open(folder);
    expect(second.states.get('client1')).toMatchObject({
      status: 'created',
      attempt: 2,
      answered: true,
      earlierUnknown: false,
    });
    expect(second.states.get('client2')).toMatchObject({ status: 'unknown', answered: false });
    expect(second.states.get('client\ud800')).toMatchObject({ status: 'not_sent' });
    expect(second.states.get('client\ud801')).toBeUndefined();
    expect(second.states.get('Client1')).toBeUndefined();
    expect(countsOf(second)).toEqual({ created: 1, unknown: 1, not_sent: 1 });
    expect(second.states.get('client1')?.generated_password).toBe('p2');
    expect(second.states.get('client2')?.generated_password).toBe('p3');
    expect(second.states.get('client3')?.generated_password).toBeUndefined();
    expect(second.states.get('client1')).toMatchObject({
      row: 3,
      input: second.hash({ password: 'x', login: 'client1' }),
      id: '7',
      isNew: false,
    });
    expect([...second.states.values()].map(({ row }) => row)).toEqual([3, 4, 5]);
    await second.close();
  });

  test.each([
    ['unknown', 'not_sent', 'unknown'],
    ['unknown', 'rejected', 'unknown'],
    ['unknown', 'unknown', 'unknown'],
    ['unknown', 'already_exists', 'already_exists'],
    ['unknown', 'created', 'created'],
    ['rejected', 'not_sent', 'not_sent'],
    ['not_sent', 'rejected', 'rejected'],
  ] as const)('%s and then %s is %s', async (first, then, status) => {
    const journal = await open(folder);
    await append(journal, intent('client1'));
    await append(journal, outcome('client1', first));
    await append(journal, intent('client1', { attempt: 2 }));
    await append(journal, outcome('client1', then, { attempt: 2 }));
    const earlierUnknown = first === 'unknown';
    expect(journal.states.get('client1')).toMatchObject({ status, earlierUnknown });
    expect(countsOf(journal)[status]).toBe(1);
    await journal.close();
    const reopened = await open(folder);
    await reopened.close();
    expect(reopened.states.get('client1')).toMatchObject({ status, earlierUnknown });
  });

  test('an unanswered attempt still counts after two more that were not sent', async () => {
    const first = await open(folder);
    await append(first, intent('client1'));
    await first.close();
    const second = await open(folder);
    for (const attempt of [2, 3]) {
      await append(second, intent('client1', { attempt }));
      await append(second, outcome('client1', 'not_sent', { attempt }));
    }
    expect(second.states.get('client1')).toMatchObject({ status: 'unknown', earlierUnknown: true });
    await second.close();
  });

  test('the hash of an input differs by journal, by value and by field, and hides the password', async () => {
    const one = await open(join(parent, 'one'));
    const other = await open(join(parent, 'other'));
    const fields = { login: 'a', password: 'b' };
    const hashes = [
      one.hash(fields),
      other.hash(fields),
      one.hash({ ...fields, password: 'c' }),
      one.hash({ login: 'b', password: 'a' }),
      one.hash({ ...fields, company: '' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{22}$/);
    await Promise.all([one.close(), other.close()]);
  });

  test('a view sees it all, changes nothing and needs no lock', async () => {
    expect(await viewJournal(folder, ORIGIN)).toBeUndefined();
    const journal = await open(folder);
    await append(journal, intent('client1'));
    await append(journal, outcome('client1'));
    await appendFile(file, '{"torn');
    const before = await readFile(file);
    const view = await viewJournal(folder, ORIGIN);
    expect(view?.states.get('client1')?.status).toBe('created');
    expect(view?.states.size).toBe(1);
    expect(await readFile(file)).toEqual(before);
    await journal.close();
  });
});
