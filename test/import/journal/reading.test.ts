import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { viewJournal } from '../../../src/import/journal/view.ts';
import { intent, ORIGIN, open, outcome, removeFolder, temporaryFolder } from './opening.ts';

let parent: string;
let folder: string;
let file: string;

beforeEach(async () => {
  parent = await temporaryFolder();
  folder = join(parent, 'clients.csv.oxhost');
  file = join(folder, 'journal.ndjson');
});
afterEach(() => removeFolder(parent));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('what is read back', () => {
  test('states, counts, passwords and inputs after a restart', async () => {
    const first = await open(folder);
    const input = first.hashInput({ login: 'client1', password: 'x', company: undefined });
    await first.append(intent('client1', { row: 3, input, generated_password: 'p1' }));
    await first.append(outcome('client1', 'rejected', { error: { code: 'r', message: 'weak' } }));
    await first.append(intent('client1', { row: 3, attempt: 2, input, generated_password: 'p2' }));
    await first.append(outcome('client1', 'created', { attempt: 2, id: '7' }));
    await first.append(intent('client2', { row: 4, generated_password: 'p3' }));
    await first.append(intent('client\ud800', { row: 5 }));
    await first.append(outcome('client\ud800', 'not_sent'));
    await first.close();

    const second = await open(folder);
    expect(second.state('client1')).toEqual({
      status: 'created',
      attempt: 2,
      answered: true,
      earlierUnknown: false,
    });
    expect(second.state('client2')).toMatchObject({ status: 'unknown', answered: false });
    expect(second.state('client\ud800')).toMatchObject({ status: 'not_sent' });
    expect(second.state('client\ud801')).toBeUndefined();
    expect(second.state('Client1')).toBeUndefined();
    expect(second.counts).toEqual({
      created: 1,
      already_exists: 0,
      rejected: 0,
      unknown: 1,
      not_sent: 1,
    });
    expect(await second.readGeneratedPassword('client1')).toBe('p2');
    expect(await second.readGeneratedPassword('client2')).toBe('p3');
    expect(await second.readGeneratedPassword('client3')).toBeUndefined();
    expect((await second.readIntent('client1'))?.input).toBe(
      second.hashInput({ password: 'x', login: 'client1' }),
    );
    expect((await collect(second.finalStates())).flat()).toEqual([
      {
        row: 3,
        login: 'client1',
        status: 'created',
        attempt: 2,
        answered: true,
        earlierUnknown: false,
        generated_password: 'p2',
        id: '7',
      },
      {
        row: 4,
        login: 'client2',
        status: 'unknown',
        attempt: 1,
        answered: false,
        earlierUnknown: false,
        generated_password: 'p3',
      },
      {
        row: 5,
        login: 'client\ud800',
        status: 'not_sent',
        attempt: 1,
        answered: true,
        earlierUnknown: false,
      },
    ]);
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
    await journal.append(intent('client1'));
    await journal.append(outcome('client1', first));
    await journal.append(intent('client1', { attempt: 2 }));
    await journal.append(outcome('client1', then, { attempt: 2 }));
    const earlierUnknown = first === 'unknown';
    expect(journal.state('client1')).toMatchObject({ status, earlierUnknown });
    expect(journal.counts[status]).toBe(1);
    await journal.close();
    const reopened = await open(folder);
    const [state] = (await collect(reopened.finalStates())).flat();
    await reopened.close();
    expect(state).toMatchObject({ status, earlierUnknown });
  });

  test('an unanswered attempt still counts after two more that were not sent', async () => {
    const first = await open(folder);
    await first.append(intent('client1'));
    await first.close();
    const second = await open(folder);
    for (const attempt of [2, 3]) {
      await second.append(intent('client1', { attempt }));
      await second.append(outcome('client1', 'not_sent', { attempt }));
    }
    expect(second.state('client1')).toMatchObject({ status: 'unknown', earlierUnknown: true });
    await second.close();
  });

  test('the hash of an input differs by journal, by value and by field, and hides the password', async () => {
    const one = await open(join(parent, 'one'));
    const other = await open(join(parent, 'other'));
    const fields = { login: 'a', password: 'b' };
    const hashes = [
      one.hashInput(fields),
      other.hashInput(fields),
      one.hashInput({ ...fields, password: 'c' }),
      one.hashInput({ login: 'b', password: 'a' }),
      one.hashInput({ ...fields, company: '' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{22}$/);
    await Promise.all([one.close(), other.close()]);
  });

  test('a view sees it all, changes nothing and needs no lock', async () => {
    expect(await viewJournal(folder, ORIGIN)).toBeUndefined();
    const journal = await open(folder);
    await journal.append(intent('client1'));
    await journal.append(outcome('client1'));
    await appendFile(file, '{"torn');
    const before = await readFile(file);
    const view = await viewJournal(folder, ORIGIN);
    expect(view?.state('client1')?.status).toBe('created');
    if (view === undefined) throw new Error('no view');
    expect((await collect(view.finalStates())).flat()).toHaveLength(1);
    await view.close();
    expect(await readFile(file)).toEqual(before);
    await journal.close();
  });
});
