import { expect, test } from 'vitest';
import {
  error,
  exitCodeOf,
  type Finding,
  failure,
  ok,
  skipped,
  toldOnce,
  warning,
} from '../../src/doctor/finding.ts';
import { type ErrorCode, OxhostError } from '../../src/errors.ts';

test.each<[ErrorCode, number]>([
  ['config_error', 1],
  ['usage', 2],
  ['no_api_key', 4],
  ['unreachable', 7],
  ['tls_failed', 7],
])('an error of the code %s ends with %i', (code, exitCode) => {
  expect(error('a', code, 'Text.', 'Do.')).toEqual({
    ...{ name: 'a', status: 'error', message: 'Text.', hint: 'Do.', exitCode },
  });
});

test('an error of a command keeps its own hint, and takes another where it has none', () => {
  const withHint = new OxhostError('usage', 'Text.', { hint: 'Its own.' });
  expect(failure('a', withHint, 'Another.').hint).toBe('Its own.');
  expect(failure('a', new OxhostError('usage', 'Text.'), 'Another.').hint).toBe('Another.');
  expect(failure('a', new OxhostError('usage', 'Text.')).hint).toBeNull();
});

const bad = (name: string, message: string, code: ErrorCode = 'usage') =>
  failure(name, new OxhostError(code, message));

test('one fault is told where it was met first', () => {
  const findings = [bad('a', 'One.'), ok('b', 'One.'), bad('c', 'Two.'), bad('d', 'One.')];
  const told = toldOnce([...findings, warning('e', 'One.', 'Do.'), bad('f', 'Two.')]);
  expect(told.map(({ name, status, message }) => [name, status, message])).toEqual([
    ['a', 'error', 'One.'],
    ['b', 'ok', 'One.'],
    ['c', 'error', 'Two.'],
    ['d', 'skipped', 'Not looked at, because of a.'],
    ['e', 'warning', 'One.'],
    ['f', 'skipped', 'Not looked at, because of c.'],
  ]);
});

test.each<[string, Finding[], number]>([
  ['nothing', [], 0],
  ['warnings', [warning('a', 'b', 'c'), skipped('d', 'e'), ok('f', 'g')], 0],
  ['the first error', [ok('a', 'b'), bad('c', 'd', 'no_api_key'), bad('e', 'f', 'unreachable')], 4],
  ['the other way round', [bad('e', 'f', 'unreachable'), bad('c', 'd', 'no_api_key')], 7],
])('exit code of %s', (_name, findings, exitCode) => {
  expect(exitCodeOf(findings)).toBe(exitCode);
});
