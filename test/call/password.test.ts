import { describe, expect, test } from 'vitest';
import {
  choosePasswordSource,
  environmentPassword,
  type PasswordFlags,
  withoutFinalNewline,
} from '../../src/call/password.ts';
import { OxhostError } from '../../src/errors.ts';

const stem = 'password';
const SOURCES: readonly (readonly [name: string, flags: Omit<PasswordFlags, 'stem'>])[] = [
  ['--password', { value: 'Secret-1' }],
  ['--password-stdin', { stdin: true }],
  ['--password-file', { file: 'secret.txt' }],
  ['--generate-password', { generate: true }],
];

function failureOf(flags: PasswordFlags): OxhostError {
  try {
    choosePasswordSource(flags);
  } catch (error) {
    if (error instanceof OxhostError) return error;
  }
  throw new Error('no OxhostError was thrown');
}

describe('the one source', () => {
  test.each([
    ['none', {}, { kind: 'none' }],
    ['a value', { value: 'Secret-1' }, { kind: 'value', value: 'Secret-1' }],
    ['an empty value is a value', { value: '' }, { kind: 'value', value: '' }],
    ['stdin', { stdin: true }, { kind: 'stdin', name: '--password-stdin' }],
    ['a file', { file: 'a' }, { kind: 'file', file: 'a', name: '--password-file' }],
    ['generated', { generate: true }, { kind: 'generate', length: 20, out: null }],
    [
      'generated, with its options',
      { generate: true, length: '14', out: 'b' },
      { kind: 'generate', length: 14, out: 'b' },
    ],
  ])('%s', (_what, flags, source) => {
    expect(choosePasswordSource({ stem, ...flags })).toEqual(source);
  });

  const pairs = SOURCES.flatMap((first, index) =>
    SOURCES.slice(index + 1).map((second) => [first, second] as const),
  );
  test.each(pairs)('$0.0 and $1.0 exclude each other', ([one, oneFlags], [other, otherFlags]) => {
    const error = failureOf({ stem, ...oneFlags, ...otherFlags });
    expect(error.code).toBe('usage');
    expect(error.message).toBe(
      `The password can come from one place only: ${one} or ${other}, not both.`,
    );
    expect(error.message).not.toContain('Secret-1');
  });

  test('all four at once', () => {
    const all = Object.assign({ stem }, ...SOURCES.map(([, flags]) => flags)) as PasswordFlags;
    expect(failureOf(all).message).toBe(
      'The password can come from one place only; --password, --password-stdin, --password-file and --generate-password were given.',
    );
  });

  const withoutGenerate = [...SOURCES.slice(0, 3), ['no source', {}] as const];
  test.each(withoutGenerate)('--password-length beside %s', (_name, flags) => {
    expect(failureOf({ stem, ...flags, length: '20' }).message).toBe(
      '--password-length needs --generate-password.',
    );
  });

  test.each(withoutGenerate)('--password-out beside %s', (_name, flags) => {
    expect(failureOf({ stem, ...flags, out: 'file' }).message).toBe(
      '--password-out needs --generate-password.',
    );
  });

  test.each(['13', '65', '', '20.5', '-20', 'twenty', '1e1', ' 20', '0x14', '99999999999'])(
    '--password-length %j',
    (length) => {
      expect(failureOf({ stem, generate: true, length })).toMatchObject({
        code: 'usage',
        message: '--password-length must be a whole number from 14 to 64.',
      });
    },
  );

  test.each(['14', '64'])('--password-length %s is the edge', (length) => {
    expect(choosePasswordSource({ stem, generate: true, length })).toMatchObject({
      length: Number(length),
    });
  });

  test('another stem, other names', () => {
    expect(failureOf({ stem: 'ftp-password', value: 'a', generate: true }).message).toBe(
      'The password can come from one place only: --ftp-password or --generate-ftp-password, not both.',
    );
  });
});

test.each([
  ['Secret-1', 'Secret-1'],
  ['Secret-1\n', 'Secret-1'],
  ['Secret-1\r\n', 'Secret-1'],
  ['Secret-1\n\n', 'Secret-1\n'],
  ['Secret-1\r', 'Secret-1\r'],
  ['\nSecret-1', '\nSecret-1'],
  [' Secret-1 \n', ' Secret-1 '],
  ['\n', ''],
  ['', ''],
])('of %j one newline at the end is dropped', (text, password) => {
  expect(withoutFinalNewline(text)).toBe(password);
});

test.each([
  [{}, undefined],
  [{ OXHOST_CLIENT_PASSWORD: '' }, undefined],
  [{ OXHOST_CLIENT_PASSWORD: 'Secret-1' }, 'Secret-1'],
  [{ OXHOST_CLIENT_PASSWORD: 'Secret-1\n' }, 'Secret-1\n'],
])('the environment %j', (env, password) => {
  expect(environmentPassword(env)).toBe(password);
});
