import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authoritiesFinding, authoritiesFindings } from '../../src/doctor/authorities.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type Authority, authority } from '../support/tls.ts';

const now = new Date();
let signer: Authority;
let expired: string;
beforeAll(async () => {
  signer = await authority();
  const yesterday = new Date(now.getTime() - 86_400_000);
  expired = (await signer.issue([{ dns: 'localhost' }], yesterday)).certificate;
});
afterAll(() => signer.close());

const BROKEN = '-----BEGIN CERTIFICATE-----\nMIIBbroken\n-----END CERTIFICATE-----\n';

test.each<[string, () => string, string, string]>([
  ['one', () => signer.pem, 'ok', 'a.pem has 1 certificate.'],
  ['two, with words between', () => `${signer.pem}\nRoot\n${signer.pem}`, 'ok', '2 certificates'],
  ['an old one among others', () => `${signer.pem}\n${expired}`, 'ok', '2 certificates'],
  ['an old one', () => expired, 'warning', 'whose time is not over'],
  ['nothing', () => '', 'warning', 'has no certificate in it'],
  ['something else', () => '{"key":"Secret-1"}', 'warning', 'has no certificate in it'],
  ['a private key', () => 'BEGIN PRIVATE KEY', 'warning', 'has no certificate in it'],
  ['a broken one', () => BROKEN, 'warning', 'has 1 certificate in it that cannot be read'],
  ['one of two broken', () => signer.pem + BROKEN, 'warning', 'has 1 certificate in it that'],
])('a file with %s', (_name, content, status, message) => {
  const found = authoritiesFinding('a.pem', content(), now);
  expect(found).toMatchObject({ name: 'NODE_EXTRA_CA_CERTS', status });
  expect(found.message).toContain(message);
  expect(JSON.stringify(found)).not.toContain('Secret-1');
});

const look = (file: string) => authoritiesFindings({ NODE_EXTRA_CA_CERTS: file }, now);

test('is looked for only if one is named', async () => {
  expect(await authoritiesFindings({}, now)).toEqual([]);
  expect(await look('')).toEqual([]);
});

test('is a real file', async () => {
  await using folder = await temporaryFolder();
  expect(await look(signer.file)).toMatchObject([{ status: 'ok' }]);
  expect(await look(folder.join('none'))).toMatchObject([
    { status: 'warning', message: expect.stringContaining('cannot be read (ENOENT)') },
  ]);
  await mkdir(folder.join('folder'));
  expect(await look(folder.join('folder'))).toMatchObject([{ status: 'warning' }]);
  await writeFile(folder.join('large'), signer.pem + ' '.repeat(17_000_000));
  expect(await look(folder.join('large'))).toMatchObject([{ status: 'warning' }]);
});

test('a named pipe does not keep it waiting', async () => {
  await using folder = await temporaryFolder();
  await promisify(execFile)('mkfifo', [folder.join('pipe')]);
  expect(await look(folder.join('pipe'))).toMatchObject([{ status: 'warning' }]);
});
