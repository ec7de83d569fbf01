import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OLDEST_NODE, versionFindings } from '../../src/doctor/versions.ts';

test.each([
  ['20.19.0', 'ok'],
  ['20.20.2', 'ok'],
  ['22.0.0', 'ok'],
  ['100.1.0', 'ok'],
  ['20.18.3', 'error'],
  ['20.9.0', 'error'],
  ['18.20.0', 'error'],
])('Node.js %s: %s', (version, status) => {
  const [own, node] = versionFindings('1.2.3', version);
  expect(own).toMatchObject({ name: 'oxhost', status: 'ok', message: 'Version 1.2.3.' });
  expect(node).toMatchObject({ name: 'node', status, exitCode: status === 'ok' ? 0 : 1 });
  expect(node?.message).toContain(version);
});

test('the oldest is that of package.json and of the launcher', () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  expect(JSON.parse(read('package.json')).engines.node).toBe(`>=${OLDEST_NODE}`);
  expect(read('bin/oxhost.js')).toContain(`needs Node.js ${OLDEST_NODE} or newer`);
});
