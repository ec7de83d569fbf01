import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  breaksOf,
  cyclesOf,
  forbiddenWordsIn,
  importsOf,
  LONGEST_FILE,
  linesOf,
} from './architecture-rules.ts';

const root = path.resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(path.sep).join('/'))
  .sort();
const sources = new Map(files.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));

test('there is something to look at', () => {
  expect(files).toEqual(
    expect.arrayContaining(['main.ts', 'api/http.ts', 'commands/plesk/client/create.ts']),
  );
  expect([...sources].flatMap(([name, text]) => importsOf(name, text)).length).toBeGreaterThan(100);
});

/** What a rule finds in all files. */
const inAll = (rule: (name: string, text: string) => readonly string[]) =>
  [...sources].flatMap(([name, text]) => rule(name, text).map((found) => `${name}: ${found}`));

test('every file imports only what it may', () => {
  expect(inAll(breaksOf)).toEqual([]);
});

test('no file reaches for the outside world, the clock or chance', () => {
  expect(inAll(forbiddenWordsIn)).toEqual([]);
});

test('no file is too long', () => {
  const tooLong = inAll((_name, text) =>
    linesOf(text) > LONGEST_FILE ? [`${linesOf(text)}`] : [],
  );
  expect(tooLong).toEqual([]);
});

test('no modules import each other in a circle, types aside', () => {
  expect(cyclesOf(sources)).toEqual([]);
});

test.each([
  ['got', 'api/http.ts'],
  ['conf', 'store/config.ts'],
  ['inquirer', 'prompts.ts'],
  ['ora', 'output/progress.ts'],
  ['chalk', 'output/style.ts'],
])('%s is imported by %s and by nobody else', (library, owner) => {
  const users = files.filter((name) =>
    importsOf(name, sources.get(name) ?? '').some(({ target }) => target === library),
  );
  expect(users).toEqual([owner]);
});

describe('each rule can be broken', () => {
  test.each([
    ['a second user of got', 'api/client.ts', `import got from 'got';`],
    ['a part of got', 'api/client.ts', `import x from 'got/dist/source/core';`],
    ['a second user of conf', 'access.ts', `import Conf from 'conf';`],
    ['a second user of inquirer', 'commands/auth/login.ts', `const a = await import('inquirer');`],
    ['a second user of ora', 'output/table.ts', `import ora from 'ora';`],
    ['a second user of chalk', 'output/table.ts', `export { Chalk } from 'chalk';`],
    ['commander elsewhere', 'session.ts', `import { Command } from 'commander';`],
    ['a command that imports a command', 'commands/a.ts', `import { run } from './plesk/b.ts';`],
    ['a command of the next folder', 'commands/auth/a.ts', `import x from '../sandbox.ts';`],
    ['the api importing a command', 'api/a.ts', `import x from '../commands/options.ts';`],
    ['output importing the api', 'output/a.ts', `import x from '../api/client.ts';`],
    ['the api importing the program', 'api/a.ts', `import x from '../program.ts';`],
    ['a command importing main', 'commands/a.ts', `import { main } from '../main.ts';`],
    ['a command importing the session', 'commands/a.ts', `import x from '../session.ts';`],
    ['errors importing anything', 'errors.ts', `import x from './settings.ts';`],
    ['the sandbox importing the api', 'sandbox/a.ts', `import type { A } from '../api/json.ts';`],
    [
      'the sandbox importing an operation',
      'sandbox/endpoints/a.ts',
      `import x from '../../api/operations/clients.ts';`,
    ],
    ['the api importing the sandbox', 'api/a.ts', `import x from '../sandbox/server.ts';`],
    ['Plesk rules importing the API', 'plesk/a.ts', `import x from '../api/json.ts';`],
    ['over several lines', 'sandbox/a.ts', `import {\n  a,\n  b,\n} from '../api/json.ts';`],
    ['for its effect alone', 'sandbox/a.ts', `import '../api/json.ts';`],
    ['without an ending', 'commands/a.ts', `import x from '../context';`],
  ])('%s', (_what, name, text) => {
    expect(breaksOf(name, text)).not.toEqual([]);
  });

  test.each([
    ['process', `const a = process.env;`],
    ['process by import', `import process from 'node:process';`],
    ['globalThis', `globalThis.process`],
    ['console', `console.log('a');`],
    ['the clock', `const a = Date.now();`],
    ['the date', `const a = new Date();`],
    ['chance', `const a = Math.random();`],
    ['the end of the process', `process.exit(1);`],
    ['the end of the process, later', `process.exitCode = 1;`],
  ])('%s', (_what, text) => {
    expect(forbiddenWordsIn('commands/a.ts', text)).not.toEqual([]);
  });

  test.each([
    ['a word in a comment', `// the process ends\n/* console */`],
    ['a word in a text', `const a = 'process and console'; const b = \`in process \${c}\`;`],
    ['a member', `a.process(b.console);`],
    ['a given date', `new Date(0); new Date(text);`],
  ])('%s is no break', (_what, text) => {
    expect(forbiddenWordsIn('commands/a.ts', text)).toEqual([]);
  });

  test('no ending of the process, not even where it may be known', () => {
    expect(forbiddenWordsIn('system.ts', `process.exit(0);`)).not.toEqual([]);
    expect(forbiddenWordsIn('main.ts', `process.exitCode = 0;`)).not.toEqual([]);
    expect(forbiddenWordsIn('system.ts', `process.env; new Date(); Math.random();`)).toEqual([]);
  });

  test('a file that is too long', () => {
    expect(linesOf('a\n'.repeat(LONGEST_FILE))).toBe(LONGEST_FILE);
    expect(linesOf('a\n'.repeat(LONGEST_FILE + 1))).toBeGreaterThan(LONGEST_FILE);
  });

  test('a circle of modules; types make none', () => {
    const circle = (kind: string) =>
      new Map([
        ['a.ts', `import { b } from './folder/b.ts';`],
        ['folder/b.ts', `import { c } from './c.ts';`],
        ['folder/c.ts', `import ${kind}{ a } from '../a.ts';`],
      ]);
    expect(cyclesOf(circle(''))).toEqual([['a.ts', 'folder/b.ts', 'folder/c.ts', 'a.ts']]);
    expect(cyclesOf(circle('type '))).toEqual([]);
  });
});
