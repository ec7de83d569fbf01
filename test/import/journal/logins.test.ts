import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  LARGEST_ATTEMPT,
  type LoginEntry,
  LoginTable,
} from '../../../src/import/journal/logins.ts';
import { OUTCOME_STATUSES } from '../../../src/import/journal/record.ts';

const entries: fc.Arbitrary<LoginEntry> = fc.record({
  offset: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 48 - 1 })),
  attempt: fc.integer({ min: 1, max: LARGEST_ATTEMPT }),
  outcome: fc.option(fc.constantFrom(...OUTCOME_STATUSES), { nil: undefined }),
  earlierUnknown: fc.boolean(),
});

test('it is a map', () => {
  const changes = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 3 }), entries));
  fc.assert(
    fc.property(changes, (pairs) => {
      const table = new LoginTable();
      for (const [login, entry] of pairs) table.set(login, entry);
      const expected = new Map(pairs);
      expect(table.size).toBe(expected.size);
      for (const [login, entry] of expected) expect(table.get(login)).toEqual(entry);
      expect(table.get('not there')).toBeUndefined();
    }),
  );
});

test.each([
  ['none', 0],
  ['a few', 1000],
  ['all', 100_000],
])(
  'a hundred thousand logins where %s were expected, each with its own entry, and none that was not put in',
  (_title, expected) => {
    const table = new LoginTable(expected);
    const entryOf = (index: number): LoginEntry => ({
      offset: index * 1_000_000,
      attempt: 1 + (index % LARGEST_ATTEMPT),
      outcome: OUTCOME_STATUSES[index % 6],
      earlierUnknown: index % 2 === 0,
    });
    for (let index = 0; index < 100_000; index += 1) table.set(`client${index}`, entryOf(index));
    for (let index = 0; index < 100_000; index += 2)
      table.set(`client${index}`, entryOf(index + 6));
    expect(table.size).toBe(100_000);
    for (let index = 0; index < 100_000; index += 997) {
      expect(table.get(`client${index}`)).toEqual(entryOf(index % 2 === 0 ? index + 6 : index));
      expect(table.get(`other${index}`)).toBeUndefined();
    }
  },
);
