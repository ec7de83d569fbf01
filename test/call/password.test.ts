import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/api/operations/clients.ts';
import { createOrder } from '../../src/api/operations/hosting.ts';
import { choosePasswordSource } from '../../src/call/flags.ts';

const choose = (options: Record<string, string | boolean>) =>
  choosePasswordSource(createClient, options);

describe('one source', () => {
  test.each([
    [{ password: 'Secret-1' }, { kind: 'value', value: 'Secret-1' }],
    [{ password: '' }, { kind: 'value', value: '' }],
    [{ passwordStdin: true }, { kind: 'stdin', name: '--password-stdin' }],
    [{ passwordFile: 'f' }, { kind: 'file', file: 'f', name: '--password-file' }],
    [{ generatePassword: true }, { kind: 'generate', length: 20, out: null }],
    [
      { generatePassword: true, passwordLength: '14', passwordOut: 'out' },
      { kind: 'generate', length: 14, out: 'out' },
    ],
    [{}, { kind: 'none' }],
  ])('%j', (options, source) => {
    expect(choose(options as Record<string, string>)).toEqual(source);
  });

  test('of another operation has its own names', () => {
    const options = { ftpPasswordFile: 'f' };
    expect(choosePasswordSource(createOrder, options)).toMatchObject({
      name: '--ftp-password-file',
    });
    expect(() => choosePasswordSource(createOrder, { ftpPasswordOut: 'f' })).toThrow(
      '--ftp-password-out needs --generate-ftp-password.',
    );
  });
});

describe('more than one, or none for an option that needs it', () => {
  test.each([
    [
      { password: 'Secret-1', passwordStdin: true },
      'one place only: --password or --password-stdin, not both.',
    ],
    [
      { passwordStdin: true, passwordFile: 'f', generatePassword: true },
      'one place only: --password-stdin, --password-file, --generate-password.',
    ],
    [{ passwordLength: '20' }, '--password-length needs --generate-password.'],
    [{ passwordOut: 'f' }, '--password-out needs --generate-password.'],
    [{ password: 'Secret-1', passwordOut: 'f' }, '--password-out needs --generate-password.'],
  ])('%j', (options, message) => {
    const work = () => choose(options as unknown as Record<string, string>);
    expect(work).toThrow(message);
    expect(work).not.toThrow('Secret-1');
  });
});
