import { expect, test } from 'vitest';
import { similarWord } from '../../src/doctor/similar.ts';
import { VARIABLES } from '../../src/help/variables.ts';

const names = VARIABLES.map(({ name }) => name);

test.each([
  ['OXHOST_APIKEY', 'OXHOST_API_KEY'],
  ['OXHOST_KEY', 'OXHOST_API_KEY'],
  ['oxhost_api_key', 'OXHOST_API_KEY'],
  ['OXHOST_API-KEY', 'OXHOST_API_KEY'],
  ['OXHOST_PROFLE', 'OXHOST_PROFILE'],
  ['OXHOST_PORFILE', 'OXHOST_PROFILE'],
  ['OXHOST_TIMEOUTS', 'OXHOST_TIMEOUT'],
  ['OXHOST_URL', 'OXHOST_API_URL'],
  ['OXHOST_CONFIGDIR', 'OXHOST_CONFIG_DIR'],
  ['OXHOST_NOINPUT', 'OXHOST_NO_INPUT'],
  ['OXHOST_BANANAS', null],
  ['OXHOST_', null],
  ['', null],
])('%s is probably %s', (word, meant) => {
  expect(similarWord(word, names)).toBe(meant);
});

test('nothing is like a word where there are none', () => {
  expect(similarWord('OXHOST_API_KEY', [])).toBeNull();
});
