import { expect, test } from 'vitest';
import { profileFinding } from '../../src/doctor/profile.ts';

const stored = { key: 'a-key', origin: 'https://0xhost.com' };
const two = { current: 'one', profiles: { one: stored, two: stored } };
const none = { current: null, profiles: {} };
const asked = (profile: string | null, profileIsExplicit = false, sandbox = false) => ({
  ...{ profile, profileIsExplicit, sandbox },
});

test.each<
  [string, Parameters<typeof profileFinding>[0], ReturnType<typeof asked>, string, string, number]
>([
  ['current', two, asked(null), 'ok', 'one, the current one.', 0],
  ['flag', two, asked('two', true), 'ok', 'two, because --profile names it.', 0],
  ['variable', two, asked('two'), 'ok', 'two, because OXHOST_PROFILE names it.', 0],
  ['none at all', none, asked(null), 'ok', 'There is no current profile.', 0],
  ['unknown', two, asked('three'), 'error', 'There is no profile "three".', 4],
  ['of every object', two, asked('constructor'), 'error', 'There is no profile "constructor".', 4],
  ['unknown among none', none, asked('x', true), 'error', 'There is no profile "x".', 4],
  [
    'a lost current one',
    { ...two, current: 'lost' },
    asked(null),
    'warning',
    'The current profile "lost" does not exist.',
    0,
  ],
  ['sandbox', two, asked('three', true, true), 'skipped', 'The sandbox needs none.', 0],
])('%s', (_name, store, settings, status, message, exitCode) => {
  expect(profileFinding(store, settings)).toMatchObject({
    ...{ name: 'profile', status, message, exitCode },
  });
});

test('names those that there are, and no key', () => {
  const found = profileFinding(two, asked('three'));
  expect(found.hint).toBe('There are: one, two.');
  expect(JSON.stringify(found)).not.toContain('a-key');
  expect(profileFinding(none, asked('three')).hint).toContain('oxhost auth login');
});
