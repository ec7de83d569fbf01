import { expect, test } from 'vitest';
import { type AddressFacts, addressFinding } from '../../src/doctor/address.ts';

const other = 'https://api.example.com';
const facts: AddressFacts = {
  ...{ origin: 'https://0xhost.com', apiUrl: null, profile: null, env: {} },
  store: { current: null, profiles: { a: { key: 'a-key', origin: other } } },
};

test.each<[Partial<AddressFacts>, string]>([
  [{}, 'https://0xhost.com, the built-in address.'],
  [{ origin: other, apiUrl: other }, `${other}, because --api-url names it.`],
  [
    { origin: other, apiUrl: other, env: { OXHOST_API_URL: `${other}/` } },
    `${other}, because OXHOST_API_URL names it.`,
  ],
  [
    { origin: other, apiUrl: other, env: { OXHOST_API_URL: 'https://x.example.com' } },
    `${other}, because --api-url names it.`,
  ],
  [
    { origin: other, apiUrl: other, env: { OXHOST_API_URL: 'not an address' } },
    `${other}, because --api-url names it.`,
  ],
  [{ origin: other, profile: 'a' }, `${other}, the address of the profile "a".`],
  [{ profile: 'lost' }, 'https://0xhost.com, the built-in address.'],
])('%j', (changes, message) => {
  expect(addressFinding({ ...facts, ...changes })).toMatchObject({ status: 'ok', message });
});
