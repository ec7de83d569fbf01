import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, formsFound, formsOf } from './support/canary.ts';
import { commandLineOf, startProcess } from './support/process.ts';
import { type OxhostOptions, startOxhost } from './support/run.ts';
import {
  answer,
  closeAfterReading,
  cutBody,
  type Handler,
  hang,
  resetAfterReading,
  startServer,
} from './support/server.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary.ts';
import { builtTool } from './support/tool.ts';

const KEY = 'Canary/Key+0123456789=&<%41>_wxyz';
// Plesk allows no quotes and nothing beyond ASCII.
const PASSWORDS = {
  special: 'Canary7\\z/&<+%41>!Vogel#29',
  plain: 'Canary7Vogel29Zwitscher31Nest',
};
const client = ['--name', 'Example Client', '--login', 'client1'].concat([
  '--email',
  'client1@example.com',
]);

let temporary: TemporaryFolder;
beforeEach(async () => {
  temporary = await temporaryFolder();
});
afterEach(() => temporary.close());

/** The key is in the file of settings and in no other place. */
async function storeKey(origin: string): Promise<string> {
  const file = temporary.join('config.json');
  const profiles = { default: { key: KEY, origin } };
  await writeFile(file, JSON.stringify({ current: 'default', profiles }), { mode: 0o600 });
  return file;
}

async function expectNoSecret(
  texts: Readonly<Record<string, string>>,
  password: string,
  keyFile: string,
): Promise<void> {
  const files = await filesBelow(temporary.path);
  expect(files.delete(keyFile)).toBe(true);
  for (const [place, text] of [...Object.entries(texts), ...files]) {
    expect(formsFound(text, password), `the password in ${place}: ${text}`).toEqual([]);
    // Its last four characters may be shown.
    expect(formsFound(text, KEY), `the key in ${place}: ${text}`).toEqual([]);
  }
}

const echo = (password: string) => `The password ${password} and the key ${KEY} are not good`;
const escapeHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
const kinds: Record<string, (password: string) => Handler> = {
  '401': (password) => answer(401, { success: false, message: echo(password) }),
  '409': (password) =>
    answer(409, { success: false, message: `already exists: ${echo(password)}` }),
  '422 echoing the password in the message': (password) =>
    answer(422, { success: false, message: echo(password) }),
  '422 echoing it in a field': (password) =>
    answer(422, { success: false, errors: { password: [echo(password)], [password]: ['bad'] } }),
  '422 echoing it all along': (password) =>
    answer(422, { success: false, message: `${password} ${KEY} `.repeat(40) }),
  '429': (password) =>
    answer(429, { success: false, message: echo(password) }, { 'retry-after': '100000' }),
  '500 with HTML': (password) =>
    answer(500, `<html><title>Error</title><pre>${echo(password)}</pre></html>`),
  '500 with HTML, escaped': (password) => answer(500, `<p>${escapeHtml(echo(password))}</p>`),
  '500 with HTML, escaped but for >': (password) =>
    answer(500, `<p>${escapeHtml(echo(password)).replaceAll('&gt;', '>')}</p>`),
  '500 with URL-encoded and base64': (password) =>
    answer(500, `${encodeURIComponent(password)} ${Buffer.from(password).toString('base64')}`),
  '500 with JSON in JSON': (password) =>
    answer(500, JSON.stringify({ trace: JSON.stringify({ body: { pw: password, k: KEY } }) })),
  '302': () => answer(302, '', { location: `https://example.com/${encodeURIComponent(KEY)}` }),
  '307': () => answer(307, '', { location: `https://example.com/?key=${encodeURIComponent(KEY)}` }),
  'a request id that is the key': () => answer(422, { success: false }, { 'x-request-id': KEY }),
  'unreadable JSON': (password) =>
    answer(200, `{"success":true,"data":{"pw":${JSON.stringify(password)},`),
  'a body that is cut': (password) => cutBody(`{"message":${JSON.stringify(echo(password))}}`, 60),
  'success without an id': (password) =>
    answer(200, { success: true, message: echo(password), data: {} }),
  'success that shows it again': (password) =>
    answer(200, {
      success: true,
      data: { id: '1', name: password, login: 'client1', password, passwd: password },
    }),
  reset: () => resetAfterReading,
  closed: () => closeAfterReading,
  'hang and Ctrl-C': () => hang,
};

const modes: Record<string, { args: string[]; isTTY?: boolean }> = {
  text: { args: [] },
  'a terminal': { args: ['--no-input', '--color', 'always'], isTTY: true },
  '--json': { args: ['--json'] },
  '--debug': { args: ['--debug'] },
  '--json --debug': { args: ['--json', '--debug'] },
};

describe.each(Object.entries(PASSWORDS))(
  'in no output and no file (password: %s)',
  (_name, password) => {
    const cases = Object.keys(kinds).flatMap((kind) =>
      Object.keys(modes).map((mode) => [kind, mode]),
    );
    const search = async (kind: string, mode: string) => {
      await using server = await startServer(kinds[kind]?.(password));
      const keyFile = await storeKey(server.url);
      const { args, isTTY = false } = modes[mode] ?? { args: [] };
      const options: OxhostOptions = {
        env: { OXHOST_CONFIG_DIR: temporary.path, OXHOST_CLIENT_PASSWORD: password },
        isTTY,
        columns: 200,
      };
      const running = await startOxhost(['plesk', 'client', 'create', ...client, ...args], options);
      if (kind === 'hang and Ctrl-C') {
        await expect.poll(() => server.requests.length).toBe(1);
        running.signal('SIGINT');
      }
      const { exitCode, stdout, stderr } = await running.finished;
      expect(server.requests[0]?.json).toMatchObject({ password });
      expect(server.requests[0]?.headers['x-api-key']).toBe(KEY);
      expect(exitCode === 0).toBe(kind === 'success that shows it again');
      await expectNoSecret({ stdout, stderr }, password, keyFile);
    };
    for (const [kind = '', mode = ''] of cases) {
      test(`${kind}, ${mode}`, () => search(kind, mode));
    }
  },
);

describe('also not in part, where a long text is cut', () => {
  const password = PASSWORDS.plain;
  const create = ['plesk', 'client', 'create', ...client, '--json', '--debug'];
  test.each([
    ['message', 480, 600, (text: string) => answer(422, { success: false, message: text })],
    ['field', 560, 640, (text: string) => answer(422, { errors: { login: [text] } })],
    ['body', 2000, 2060, (text: string) => answer(500, text)],
    ['hidden body', 1960, 2060, (text: string) => answer(500, { trace: text })],
  ])('%s', async (_where, from, to, handler) => {
    let filler = from;
    await using server = await startServer((...given) =>
      handler(`${'x'.repeat(filler)}${password} and more ${'y'.repeat(3000)}`)(...given),
    );
    const keyFile = await storeKey(server.url);
    const env = { OXHOST_CONFIG_DIR: temporary.path, OXHOST_CLIENT_PASSWORD: password };
    for (; filler < to; filler += 4) {
      const { finished } = await startOxhost(create, { env });
      const { stderr } = await finished;
      await expectNoSecret({ [`stderr behind ${filler}`]: stderr }, password, keyFile);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('in no command line, as others see it', () => {
  const launcher = builtTool();
  const password = PASSWORDS.special;

  async function whileWaiting(args: readonly string[], env: Record<string, string>, input: string) {
    await using server = await startServer(hang);
    const keyFile = await storeKey(server.url);
    await using running = startProcess(
      process.execPath,
      [launcher, 'plesk', 'client', 'create', ...client, '--debug', ...args],
      { env: { OXHOST_CONFIG_DIR: temporary.path, ...env } },
    );
    running.writeInput(input);
    running.endInput();
    await expect.poll(() => server.requests.length).toBe(1);
    expect(server.requests[0]?.json).toMatchObject({ password });
    const commandLine = (await commandLineOf(running.pid)).join(' ');
    running.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.exited;
    expect(exitCode).toBe(130);
    return { texts: { stdout, stderr, commandLine }, keyFile };
  }

  test.each(['--password-stdin', 'OXHOST_CLIENT_PASSWORD', '--password-file'])(
    '%s',
    async (way) => {
      await using secrets = await temporaryFolder();
      const file = secrets.join('password');
      await writeFile(file, `${password}\n`, { mode: 0o600 });
      const args = { '--password-stdin': [way], '--password-file': [way, file] }[way] ?? [];
      const env: Record<string, string> = way.startsWith('-') ? {} : { [way]: password };
      const input = way === '--password-stdin' ? `${password}\n` : '';
      const { texts, keyFile } = await whileWaiting(args, env, input);
      await expectNoSecret(texts, password, keyFile);
    },
  );

  test('but with --password it is, so that the tests above mean something', async () => {
    const { texts, keyFile } = await whileWaiting(['--password', password], {}, '');
    expect(formsFound(texts.commandLine, password)).toContain('plain');
    await expect(expectNoSecret(texts, password, keyFile)).rejects.toThrow(
      'the password in commandLine',
    );
    await expectNoSecret({ ...texts, commandLine: '' }, password, keyFile);
  });
});

describe('what looks for it finds it', () => {
  test.each([KEY, ...Object.values(PASSWORDS)])('%s, in every form', (secret) => {
    for (const [name, forms] of Object.entries(formsOf(secret))) {
      for (const form of forms) expect(formsFound(`before ${form} after`, secret)).toContain(name);
    }
    for (const before of ['', 'a', 'ab', 'abc']) {
      const text = Buffer.from(`${before}${secret}`).toString('base64');
      expect(formsFound(text, secret)).toContain('base64');
    }
    expect(formsFound('The client was not created: ****wxyz', secret)).toEqual([]);
  });

  test('in files, too', async () => {
    const keyFile = await storeKey('https://0xhost.com');
    await writeFile(temporary.join('other'), JSON.stringify(PASSWORDS));
    const search = expectNoSecret({}, PASSWORDS.special, keyFile);
    await expect(search).rejects.toThrow('the password in');
  });
});
