import { expect, test } from 'vitest';
import { RepeatedLogins } from '../../src/import/repeated-logins.ts';

test('each pass learns of the repeated rows, also when it does not ask for all', () => {
  const repeated = new RepeatedLogins();
  repeated.add(3, 2);
  repeated.add(4, 2);
  repeated.add(9, 7);
  const all = repeated.startPass();
  expect([1, 2, 3, 4, 5, 9, 10].map(all)).toEqual([
    undefined,
    undefined,
    2,
    2,
    undefined,
    7,
    undefined,
  ]);
  const some = repeated.startPass();
  expect([4, 8, 9].map(some)).toEqual([2, undefined, 7]);
});

test('a file without any has none', () => {
  const lineOf = new RepeatedLogins().startPass();
  expect([1, 2].map(lineOf)).toEqual([undefined, undefined]);
});
