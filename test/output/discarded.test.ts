import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { expect, test } from 'vitest';
import { isDiscarded } from '../../src/system.ts';

test.each([
  ['the null device', devNull, true],
  ['a file', import.meta.filename, false],
  ['another device', '/dev/zero', false],
])('%s', (_what, path, expected) => {
  const descriptor = openSync(path, 'r');
  expect(isDiscarded(descriptor)).toBe(expected);
  closeSync(descriptor);
  expect(isDiscarded(descriptor)).toBe(true);
});
