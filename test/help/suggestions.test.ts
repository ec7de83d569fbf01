import { expect, test } from 'vitest';
import { commandHint, otherOption, wordWithOtherDash } from '../../src/help/suggestions.ts';
import { PATHS } from '../../src/program.ts';
import { runOxhost } from '../support/run.ts';

const NO_SUCH_CALL =
  'The API has no such call; oxhost history has what this machine has created and bought.';

test.each([
  ['login', 'Did you mean oxhost auth login?'],
  ['whoami', 'Did you mean oxhost auth status?'],
  ['username', 'Did you mean oxhost plesk client create?'],
  ['pass', 'Did you mean oxhost help passwords?'],
  ['client create', 'Did you mean oxhost plesk client create?'],
  ['create client', 'Did you mean oxhost plesk client create?'],
  ['clients create', 'Did you mean oxhost plesk client create?'],
  ['plesk create client', 'Did you mean oxhost plesk client create?'],
  ['import x.csv', 'Did you mean oxhost plesk client import x.csv?'],
  ['import Secret-1', 'Did you mean oxhost plesk client import?'],
  ['client import list/x.ndjson', 'Did you mean oxhost plesk client import list/x.ndjson?'],
  ['renew', 'Did you mean oxhost plesk order renew?'],
  ['renew Secret-1', 'Did you mean oxhost plesk order renew?'],
  ['user', 'Did you mean oxhost plesk client create?'],
  ['plsk client create', 'Did you mean oxhost plesk client create?'],
  ['plesk cleint create', 'Did you mean oxhost plesk client create?'],
  ['subscription sub-1', 'Did you mean oxhost plesk subscription show?'],
  ['subscription get', 'Did you mean oxhost plesk subscription show?'],
  ['auth ls', 'Did you mean oxhost auth list?'],
  ['list', NO_SUCH_CALL],
  ['ls', NO_SUCH_CALL],
  ['plesk client list', NO_SUCH_CALL],
  ['plesk client delete', NO_SUCH_CALL],
  ['foo', null],
  ['Secret-1', null],
])('%s', (words, hint) => {
  expect(commandHint(words.split(' '), PATHS)).toBe(hint);
});

test.each([
  ['--username', ['--name', '--login'], '--login'],
  ['--username', ['--ftp-login'], '--ftp-login'],
  ['--user', ['--login'], '--login'],
  ['--pass', ['--password', '--password-stdin'], '--password-stdin'],
  ['--mail', ['--email'], '--email'],
  ['--mail', ['--months'], null],
  ['--xyzzy', ['--months'], null],
])('%s of %j', (name, known, meant) => {
  expect(otherOption(name, known)).toBe(meant);
});

test.each([
  ['\u2013name', '--name'],
  ['\u2014\u2014name=Secret-1', '--name'],
  ['\u2212y', '-y'],
  ['\u2013', null],
  ['\u2013 Foo', null],
  ['--name', null],
])('a dash from a document: %s', (word, meant) => {
  expect(wordWithOtherDash(['plesk', word])?.meant ?? null).toBe(meant);
  expect(wordWithOtherDash([word])?.word ?? '').not.toContain('Secret-1');
});

test.each([
  [['login'], 'Unknown command login.', 'Did you mean oxhost auth login?'],
  [['plesk', 'client', 'list'], 'Unknown command list.', NO_SUCH_CALL],
  [
    ['plesk', 'client', 'create', '--username=Secret-1'],
    'Unknown option --username.',
    'Did you mean --login?',
  ],
  [
    ['plesk', 'client', 'create', '\u2013name', 'Secret-1'],
    '\u2013name begins with a typographic dash, as pasted from a document.',
    'Type --name instead.',
  ],
])('as an error, in text and in JSON: %j', async (args, message, hint) => {
  const text = await runOxhost(args);
  expect(text).toMatchObject({ exitCode: 2, stdout: '' });
  expect(text.stderr).toBe(`error: ${message}\nhint: ${hint}\n`);
  const json = await runOxhost(['--json', ...args]);
  expect(json.error).toMatchObject({ code: 'usage', message, hint, exit_code: 2 });
  expect(text.stderr + json.stderr).not.toContain('Secret-1');
});
