import { chmod, mkdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../src/errors.ts';
import { type GlobalFlags, resolveSettings } from '../../src/settings.ts';
import { type Access, checkKey, maskKey, resolveAccess } from '../../src/store/access.ts';
import type { Profile } from '../../src/store/config.ts';
import { runOxhost } from '../support/run.ts';
import { startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openAt } from './config-system.ts';

let temporary: TemporaryFolder;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.join('config');
});
afterEach(() => temporary.close());

async function storeProfiles(
  profiles: Record<string, Profile>,
  current: string | null = Object.keys(profiles)[0] ?? null,
): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await writeFile(`${folder}/config.json`, JSON.stringify({ current, profiles }));
  await chmod(`${folder}/config.json`, 0o600);
}

const MAIN = 'https://0xhost.com';
const OTHER = 'https://other.example.com';
const usual = {
  main: { key: 'key-of-main', origin: MAIN },
  other: { key: 'key-of-other', origin: OTHER, user: '7' },
  vault: { key_command: 'open the vault', origin: OTHER },
};

async function resolve(flags: GlobalFlags, env: Record<string, string>) {
  const notes: string[] = [];
  const commands: string[] = [];
  const access = await resolveAccess({
    settings: resolveSettings(flags, env),
    env,
    configuration: async () => openAt(folder),
    runKeyCommand: async (command) => {
      commands.push(command);
      return 'key-of-command\n';
    },
    note: (code, message) => notes.push(`${code}: ${message}`),
  });
  return { access, notes, commands };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: unknown) => error as OxhostError,
  );

const key = 'key-of-environment';
const command = 'print the key';
const from = {
  environment: (origin = MAIN): Access => ({
    ...{ key, origin, source: 'environment', profile: null, user: null },
  }),
  command: (origin = MAIN): Access => ({
    ...{ key: 'key-of-command', origin, source: 'command', profile: null, user: null },
  }),
  main: { key: 'key-of-main', origin: MAIN, source: 'profile', profile: 'main', user: null },
  other: { key: 'key-of-other', origin: OTHER, source: 'profile', profile: 'other', user: '7' },
} as const;

describe('precedence', () => {
  const rows: [name: string, GlobalFlags, Record<string, string>, Access][] = [
    ['nothing given: the current profile', {}, {}, from.main],
    ['OXHOST_PROFILE', {}, { OXHOST_PROFILE: 'other' }, from.other],
    ['--profile', { profile: 'other' }, {}, from.other],
    ['--profile over OXHOST_PROFILE', { profile: 'main' }, { OXHOST_PROFILE: 'other' }, from.main],
    ['OXHOST_API_KEY', {}, { OXHOST_API_KEY: key }, from.environment()],
    [
      'OXHOST_API_KEY over OXHOST_KEY_COMMAND',
      {},
      { OXHOST_API_KEY: key, OXHOST_KEY_COMMAND: command },
      from.environment(),
    ],
    ['OXHOST_KEY_COMMAND', {}, { OXHOST_KEY_COMMAND: command }, from.command()],
    [
      'OXHOST_API_KEY over OXHOST_PROFILE, at whose origin it is used',
      {},
      { OXHOST_API_KEY: key, OXHOST_PROFILE: 'other' },
      from.environment(OTHER),
    ],
    [
      'OXHOST_KEY_COMMAND at the origin of OXHOST_PROFILE',
      {},
      { OXHOST_KEY_COMMAND: command, OXHOST_PROFILE: 'other' },
      from.command(OTHER),
    ],
    [
      'OXHOST_API_URL over the origin of the profile, for a key of the environment',
      {},
      { OXHOST_API_KEY: key, OXHOST_API_URL: 'https://third.example.com' },
      from.environment('https://third.example.com'),
    ],
    [
      '--api-url over OXHOST_API_URL',
      { apiUrl: 'https://flag.example.com/' },
      { OXHOST_API_KEY: key, OXHOST_API_URL: 'https://third.example.com' },
      from.environment('https://flag.example.com'),
    ],
    [
      '--profile over OXHOST_API_KEY',
      { profile: 'other' },
      { OXHOST_API_KEY: key, OXHOST_KEY_COMMAND: command },
      from.other,
    ],
    [
      "a profile's own command, at the profile's origin",
      { profile: 'vault' },
      {},
      { ...from.command(OTHER), profile: 'vault' },
    ],
    ['--api-url that is the origin of the profile', { apiUrl: `${MAIN}/` }, {}, from.main],
    [
      'empty counts as unset',
      {},
      { OXHOST_API_KEY: '', OXHOST_KEY_COMMAND: '', OXHOST_PROFILE: '', OXHOST_API_URL: '' },
      from.main,
    ],
  ];
  test('a mistyped profile does not end at the built-in address', async () => {
    const env = { OXHOST_API_KEY: key, OXHOST_PROFILE: 'none' };
    await storeProfiles(usual);
    await expect(resolve({}, env)).rejects.toMatchObject({ code: 'no_api_key' });
  });

  test.each(rows)('%s', async (_name, flags, env, expected) => {
    await storeProfiles(usual);
    const { access, commands } = await resolve(flags, env);
    expect(access).toEqual(expected);
    const run = access.profile === 'vault' ? 'open the vault' : command;
    expect(commands).toEqual(access.source === 'command' ? [run] : []);
  });

  test.each([
    [{ OXHOST_API_KEY: key }, 'OXHOST_API_KEY'],
    [{ OXHOST_KEY_COMMAND: command }, 'OXHOST_KEY_COMMAND'],
  ])('a note says that --profile beats the environment %j', async (env, name) => {
    await storeProfiles(usual);
    const { notes } = await resolve({ profile: 'other' }, env as Record<string, string>);
    expect(notes).toEqual([
      `profile_beats_environment: --profile other was given, so ${name} is not used.`,
    ]);
    expect((await resolve({}, env as Record<string, string>)).notes).toEqual([]);
    expect((await resolve({ profile: 'other' }, {})).notes).toEqual([]);
  });

  test.each([
    [{}, {}, 'There is no API key.'],
    [{ profile: 'none' }, {}, 'There is no profile "none".'],
    [{ profile: 'none' }, { OXHOST_API_KEY: key }, 'There is no profile "none".'],
    [{}, { OXHOST_PROFILE: 'none' }, 'There is no profile "none".'],
    [{ profile: 'constructor' }, {}, 'There is no profile "constructor".'],
  ] as [GlobalFlags, Record<string, string>, string][])(
    'no key: %j %j',
    async (flags, env, message) => {
      await storeProfiles(flags.profile === undefined ? {} : usual);
      expect(await refusal(resolve(flags, env))).toMatchObject({ code: 'no_api_key', message });
    },
  );
});

describe('a stored key belongs to its origin', () => {
  test.each([
    ['--api-url', { apiUrl: OTHER }, {}],
    ['OXHOST_API_URL', {}, { OXHOST_API_URL: OTHER }],
    ['another port', { apiUrl: 'https://0xhost.com:8443' }, {}],
    ['--profile and --api-url', { profile: 'main', apiUrl: OTHER }, { OXHOST_API_KEY: key }],
    ['a look-alike', { apiUrl: 'https://0xhоst.com' }, {}],
  ] as [string, GlobalFlags, Record<string, string>][])('%s', async (_name, flags, env) => {
    await storeProfiles(usual);
    const error = await refusal(resolve(flags, env));
    expect(error).toMatchObject({ code: 'no_api_key', details: { hint: /auth login/ } });
    expect(error.message).toContain(`belongs to ${MAIN} and is not sent to`);
    expect(error.message).not.toContain('key-of-main');
    expect(error.message).toMatch(/^[\x20-\x7e]+$/);
  });

  const create = ['plesk', 'client', 'create', '--json', '--generate-password'].concat([
    '--name',
    'Example Client',
    '--login',
    'client1',
    '--email',
    'client1@example.com',
  ]);

  test('nothing at all arrives at the other server', async () => {
    await using own = await startServer();
    await using other = await startServer();
    await storeProfiles({ main: { key: 'key-of-main-0123', origin: own.url } });
    const env = { OXHOST_CONFIG_DIR: folder };
    for (const run of [
      await runOxhost([...create, '--api-url', other.url], { env }),
      await runOxhost([...create, '--profile', 'main', '--api-url', other.url], { env }),
      await runOxhost(create, { env: { ...env, OXHOST_API_URL: other.url } }),
    ]) {
      expect(run).toMatchObject({ exitCode: 4, stdout: '', error: { code: 'no_api_key' } });
    }
    expect([other.connections, own.connections]).toEqual([0, 0]);
    expect((await runOxhost(create, { env })).exitCode).toBe(0);
    expect(own.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['key-of-main-0123']);
    expect(other.connections).toBe(0);
  });

  test.each([
    ['http://example.com', 'https://'],
    ['https://user:pass@0xhost.com', 'user name'],
    ['https://0xhost.com/path', 'path'],
    ['file:///etc/passwd', 'https://'],
    ['', 'must be an address'],
  ])(
    'an address %j that only a hand can have put into the file is refused',
    async (origin, why) => {
      await storeProfiles({ main: { key: 'key-of-main', origin } });
      for (const env of [{}, { OXHOST_API_KEY: key }] as Record<string, string>[]) {
        const error = await refusal(resolve({}, env));
        expect(error.code).toBe('config_error');
        expect(error.message).toContain('The address of the profile "main"');
        expect(error.message).toContain(why);
      }
    },
  );
});

describe('what a key may be', () => {
  test.each([
    ['plain', 'abcDEF0123456789-_.~+/='],
    ['one character', 'k'],
    ['all that is printable but quotes', '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'],
    ['4096 characters', 'k'.repeat(4096)],
  ])('%s', (_name, value) => {
    expect(checkKey(value, 'It')).toBe(value);
    expect(checkKey(`${value}\n`, 'It')).toBe(value);
    expect(checkKey(`${value}\r\n`, 'It')).toBe(value);
  });

  test.each([
    ['nothing', '', 'it is empty'],
    ['a newline alone', '\n', 'it is empty'],
    ['two newlines at the end', 'sekret\n\n', 'it has a line break in it'],
    ['a newline in the middle', 'sekret\nX-Other: 1', 'it has a line break in it'],
    ['CR', 'sek\rret', 'it has a line break in it'],
    ['a CR at the end', 'sekret\r', 'it has a line break in it'],
    ['a blank', 'sek ret', 'it has white space in it'],
    ['blanks around', ' sekret ', 'it has white space in it'],
    ['blanks alone', '   ', 'it has white space in it'],
    ['a tab', 'sekret\t', 'it has white space in it'],
    ['a no-break space', 'sekret\u00a0', 'it has white space in it'],
    ['NUL', 'sek\0ret', 'it has characters that no key has'],
    ['escape', '\x1b[31msekret', 'it has characters that no key has'],
    ['DEL', 'sekret\x7f', 'it has characters that no key has'],
    ['umlaut', 'sekretä', 'it has characters that no key has'],
    ['a zero-width space', 'sekret\u200b', 'it has characters that no key has'],
    ['an emoji', 'sekret😀', 'it has characters that no key has'],
    ['double quotes around', '"sekret"', 'it has quotation marks in it'],
    ['single quotes around', "'sekret'", 'it has quotation marks in it'],
    ['null', 'null', 'it is a word for nothing'],
    ['undefined', 'undefined', 'it is a word for nothing'],
    ['our own mask', '****wxyz', 'it is a mask'],
    ['stars', '********', 'it is a mask'],
    ['crosses', 'XXXXXXXX', 'it is a mask'],
    ['bullets', '••••••••', 'it has characters that no key has'],
    ['a placeholder', '<your-api-key>', 'it is a placeholder'],
    ['words for a key', 'YOUR_API_KEY', 'it is a placeholder'],
    ['words with blanks', 'your api key here', 'it is a placeholder'],
    ['a variable', '$OXHOST_API_KEY', 'it is a placeholder'],
    ['a template', '{{ sekret }}', 'it is a placeholder'],
    ['NAME=value', 'OXHOST_API_KEY=sekret', 'it is NAME=value, where the value alone is wanted'],
    ['4097 characters', 'sekret'.repeat(683), 'it is longer than 4096 characters'],
  ])('not %s', (_name, value, why) => {
    const check = () => checkKey(value, 'OXHOST_API_KEY');
    expect(check).toThrow(OxhostError);
    expect(check).toThrow(`OXHOST_API_KEY is not a usable key: ${why}.`);
    expect(check).not.toThrow('sekret');
  });

  test('whatever passes can stand in a header, and nothing else does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (value) => {
        let accepted: string | undefined;
        try {
          accepted = checkKey(value, 'It');
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
        expect(accepted === undefined || /^[!#-&(-~]+$/.test(accepted)).toBe(true);
        if (/^[0-9][!#-&+-~]+$/.test(value)) expect(accepted).toBe(value);
      }),
    );
  });

  test.each([
    ['OXHOST_API_KEY', { OXHOST_API_KEY: 'sek ret' }, {}],
    ['the key of a profile', {}, { main: { key: 'sek\r\nret', origin: MAIN } }],
  ])('%s is checked before anything is sent', async (_name, env, profiles) => {
    await storeProfiles(profiles);
    expect(await refusal(resolve({}, env as Record<string, string>))).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/is not a usable key/),
    });
  });
});

describe('a key is shown as', () => {
  test.each([
    [1, '****'],
    [6, '****'],
    [12, '****'],
    [23, '****'],
    [24, '****wxyz'],
    [40, '****wxyz'],
    [200, '****wxyz'],
  ])('%i characters: %s', (length, shown) => {
    expect(maskKey(`${'k'.repeat(length)}wxyz`.slice(-length))).toBe(shown);
  });
});
