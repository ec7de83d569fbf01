import { expect, test } from 'vitest';
import { certificateTrouble, daysLeft } from '../../src/doctor/certificate.ts';

test.each([
  ['CERT_HAS_EXPIRED', /has expired/, /wrong date/],
  ['CERT_NOT_YET_VALID', /not valid yet/, /wrong date/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /signed by itself/, /NODE_EXTRA_CA_CERTS/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /signed by itself/, /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /an authority that is not trusted/, /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /an authority that is not/, /NODE_EXTRA_CA_CERTS/],
  ['CERT_REVOKED', /withdrawn/, /whoever runs the server/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another name \(DNS:a\.example\)/, /Check the address/],
])('%s', (code, words, hint) => {
  const trouble = certificateTrouble(code, 'DNS:a.example');
  expect(trouble?.words).toMatch(words);
  expect(trouble?.hint).toMatch(hint);
  expect(trouble?.hint).not.toMatch(/REJECT_UNAUTHORIZED|insecure|--no-/i);
});

test.each([null, 'ECONNRESET', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'])(
  '%s is no matter of a certificate',
  (code) => {
    expect(certificateTrouble(code, null)).toBeNull();
  },
);

test('a certificate for another name that does not say which', () => {
  expect(certificateTrouble('ERR_TLS_CERT_ALTNAME_INVALID', null)?.words).toBe(
    'the certificate is for another name',
  );
});

test.each([
  ['2026-01-16T03:04:05Z', 14],
  ['2026-01-16T03:04:04Z', 13],
  ['2026-01-02T03:04:06Z', 0],
  ['2026-01-02T03:04:04Z', -1],
])('until %s there are %i days', (end, days) => {
  expect(daysLeft(Date.parse(end), new Date('2026-01-02T03:04:05Z'))).toBe(days);
});
