import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { answer, type Handler, redirect, startServer } from '../support/server.ts';
import { broken, byLogin, csvOf, exists, importing, logins, refused } from './files.ts';

const folder = folderForEachTest();

const sent = (requests: readonly { json: unknown }[]) =>
  requests.map(({ json }) => (json as { password: string }).password);

const repeating: Handler = (request, response, index) => {
  const { password } = request.json as { password: string };
  const body = { success: false, message: `Bad: ${password}`, errors: { password: [password] } };
  return answer(422, body)(request, response, index);
};

const NO_PASSWORDS = 'name,login,email\nExample Client,client1,client1@example.com\n';

test.each([
  ['given', csvOf('client1'), ['--debug']],
  ['given', csvOf('client1'), ['--debug', '--json']],
  ['generated', NO_PASSWORDS, ['--generate-passwords', '--debug']],
  ['generated', NO_PASSWORDS, ['--generate-passwords', '--debug', '--json']],
])('a %s password that the answer repeats is shown nowhere: %#', async (_kind, text, args) => {
  await using server = await startServer(repeating);
  const list = importing(folder, server.url);
  await list.write(text);
  const { stdout, stderr } = await list.run(args);
  const [password = ''] = sent(server.requests);
  expect(password.length).toBeGreaterThan(8);
  expect(stderr).toContain('Bad: ********');
  expect(stdout + stderr).not.toContain(password);
});

test('results have a generated password only where a client may have it', async () => {
  let rules: Record<string, Handler> = { client2: refused, client3: exists, client4: broken };
  await using server = await startServer((...call) => byLogin(rules)(...call));
  const list = importing(folder, server.url);
  const rows = logins(4).map((login) => `Example Client,${login},${login}@example.com\n`);
  await list.write(`name,login,email\n${rows.join('')}`);
  const shown = async () =>
    (await list.resultRows()).map(
      ({ login, status, generated_password: password }) => `${login} ${status} ${password !== ''}`,
    );
  await list.run(['--generate-passwords']);
  const first = ['client1 created true', 'client2 rejected false', 'client3 already_exists false'];
  expect(await shown()).toEqual([...first, 'client4 unknown true']);
  rules = { client4: exists };
  await list.run(['--generate-passwords', '--retry-unknown']);
  expect(await shown()).toEqual([...first, 'client4 already_exists true']);
});

describe('the error of a stopped import', () => {
  const badKey = answer(401, { success: false, message: 'Invalid API key' });
  test.each<[Record<string, Handler>, object]>([
    [{ client1: badKey }, { code: 'auth_failed', outcome: 'not_created', attempts: 1 }],
    [{ client2: badKey }, { code: 'auth_failed', outcome: 'created', attempts: 2 }],
    [
      { client2: broken, client3: badKey },
      { code: 'auth_failed', outcome: 'unknown', attempts: 3 },
    ],
    [
      { client2: redirect(302, '/') },
      { code: 'redirect_refused', exit_code: 8, outcome: 'unknown', attempts: 2 },
    ],
    [
      { client1: redirect(307, '/') },
      { code: 'redirect_refused', exit_code: 5, outcome: 'not_created', attempts: 1 },
    ],
  ])('%#', async (rules, error) => {
    await using server = await startServer(byLogin(rules));
    const list = importing(folder, server.url);
    await list.write(csvOf(...logins(6)));
    const result = await list.run(['--concurrency', '1', '--json']);
    expect(result.error).toMatchObject(error);
    expect(server.requests).toHaveLength((error as { attempts: number }).attempts);
  });
});
