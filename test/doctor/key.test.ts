import { expect, test } from 'vitest';
import { keyFinding } from '../../src/doctor/key.ts';
import type { Access } from '../../src/store/access.ts';

const KEY = 'test-key-0123456789-0123456789-wxyz';
const access = (changes: Partial<Access>): Access => ({
  ...{ key: KEY, origin: 'https://0xhost.com', source: 'environment' },
  ...{ profile: null, user: null },
  ...changes,
});

test.each<[Partial<Access>, Record<string, string>, string[], string, string]>([
  [{}, {}, [], 'ok', '****wxyz, in OXHOST_API_KEY.'],
  [{ source: 'command' }, {}, [], 'ok', '****wxyz, printed by OXHOST_KEY_COMMAND.'],
  [
    { source: 'profile', profile: 'a' },
    { OXHOST_KEY_COMMAND: '' },
    [],
    'ok',
    '****wxyz, stored in the profile "a".',
  ],
  [{ key: 'short-key' }, {}, [], 'ok', '****, in OXHOST_API_KEY.'],
  [
    { source: 'profile', profile: 'a' },
    { OXHOST_API_KEY: KEY },
    ['So it is not used.'],
    'warning',
    '****wxyz, stored in the profile "a". So it is not used.',
  ],
  [
    {},
    { OXHOST_KEY_COMMAND: 'secret command' },
    [],
    'warning',
    '****wxyz, in OXHOST_API_KEY. OXHOST_KEY_COMMAND is set as well and is not run.',
  ],
])('%j with %j', (changes, env, notes, status, message) => {
  const found = keyFinding(access(changes), env, notes);
  expect(found).toMatchObject({ name: 'key', status, message, exitCode: 0 });
  expect(JSON.stringify(found)).not.toMatch(/test-key|short-key|secret command/);
});
