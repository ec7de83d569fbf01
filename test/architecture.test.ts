import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const LONGEST_FILE = 250;
const MOST_LOOSE_FILES = 10;
const MOST_FILES = { import: 52, others: 112 };
const MOST_LINES_OF_IMPORT = 4_300;

/** Each library stands behind one file; only the command line's own has several. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  got: /^api\/http\.ts$/,
  conf: /^store\/config\.ts$/,
  inquirer: /^prompts\.ts$/,
  ora: /^output\/progress\.ts$/,
  chalk: /^output\/style\.ts$/,
  commander: /^(?:main|program|cli)\.ts$|^(?:commands|completion|help)\//,
};

/**
 * Floors of the house, the lowest first: a file imports from lower floors and from its own folder.
 * What is not named does the work of commands.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'version', 'system', 'plesk', 'sandbox'],
  ['settings'],
  ['output', 'prompts'],
  ['api', 'store', 'samples'],
  ['context'],
  ['help'],
  [],
  ['commands'],
  ['program'],
  ['cli'],
  ['main'],
];
const FLOOR_OF_WORK = 6;

/** The sandbox shares nothing with the tool that is tried against it. */
const USERS_OF_SANDBOX = /^(?:sandbox\/|commands\/sandbox\.ts$|context\.ts$)/;

/** No commands of their own. */
const SHARED_BY_COMMANDS = new Set(['commands/options.ts', 'commands/operation.ts']);

const IMPORT =
  /(?<![.\w$])(?:import|export)\s+(?:type\s)?[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|(?<![.\w$])import\s*\(\s*['"]([^'"]+)['"]|(?<![.\w$])import\s*['"]([^'"]+)['"]/g;

const COMMENTS_AND_LITERALS =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=(?:[(,=:[!&|?{};]|=>|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

const OUTSIDE =
  /(?<![.\w$#'-])(?:process|console|globalThis)\b(?!\s*:)|\bDate\s*\.\s*now\b|\bMath\s*\.\s*random\b|\bnew\s+Date\s*\(\s*\)/g;
const ENDS_PROCESS = /\bprocess\s*\.\s*(?:exit|exitCode|abort|reallyExit)\b/g;

/** Imports that the architecture does not allow, static, dynamic, of types, for the effect alone. */
function wrongImports(name: string, text: string): string[] {
  const code = text.replace(COMMENTS_AND_LITERALS, (it) => (/^\/[/*]/.test(it) ? ' ' : it));
  return [...code.matchAll(IMPORT)].flatMap(([, from, dynamic, effect]) => {
    const specifier = from ?? dynamic ?? effect ?? '';
    const why = specifier.startsWith('.')
      ? wrongFile(name, path.posix.join(path.posix.dirname(name), specifier))
      : wrongLibrary(name, specifier);
    return why === null ? [] : [`${specifier}: ${why}`];
  });
}

function wrongLibrary(name: string, specifier: string): string | null {
  const owner = OWNERS[specifier.split('/')[0] ?? ''];
  return owner === undefined || owner.test(name) ? null : `it is for ${owner} alone`;
}

function wrongFile(name: string, target: string): string | null {
  if (!target.endsWith('.ts')) return 'it has no ending';
  const [from, to] = [areaOf(name), areaOf(target)];
  if (from === 'commands' && to === 'commands') {
    const [own] = /^commands\/(?:api|help)\b/.exec(name) ?? [];
    if (own !== undefined && target.startsWith(`${own}/`)) return null;
    return SHARED_BY_COMMANDS.has(target) ? null : 'commands never import commands';
  }
  if (to === 'sandbox' && !USERS_OF_SANDBOX.test(name)) return 'the sandbox stands apart';
  if (from === to) return null;
  return floorOf(to) < floorOf(from) ? null : 'it is not below';
}

/** The folder below `src`, or the file's own name without its ending. */
function areaOf(name: string): string {
  // Answers the shell with the whole program in hand.
  if (/^completion\/(?:callback|sources)\.ts$/.test(name)) return 'cli';
  return name.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

function floorOf(area: string): number {
  const floor = FLOORS.findIndex((areas) => areas.includes(area));
  return floor === -1 ? FLOOR_OF_WORK : floor;
}

const STATIC = /^import (?!type\b)[^;]*?\bfrom '([^']+)'/gm;

/** A page of help needs a command's flags and words, not what does its work. */
function loadedTooEarly(name: string, text: string): string[] {
  if (!/^commands\/(?!api\/)/.test(name)) return [];
  return [...text.matchAll(STATIC)]
    .map(([, specifier = '']) => specifier)
    .filter((it) => /\/(?:store|call|sandbox\/server|api\/(?!operation))\b/.test(it));
}

/** What reaches for the outside world, the clock or chance where it may not. */
function forbiddenWords(name: string, text: string): string[] {
  const code = text.replace(COMMENTS_AND_LITERALS, (it) =>
    it.startsWith('`') ? [...it.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => code).join(';') : ' ',
  );
  const mayKnow = name === 'main.ts' || name === 'system.ts';
  return [...(code.match(ENDS_PROCESS) ?? []), ...(mayKnow ? [] : (code.match(OUTSIDE) ?? []))];
}

const tooLong = (_name: string, text: string) => {
  const lines = text.split('\n').length - 1;
  return lines > LONGEST_FILE ? [`${lines} lines`] : [];
};

const root = path.resolve(import.meta.dirname, '../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({
    name: name.split(path.sep).join('/'),
    text: readFileSync(path.join(root, name), 'utf8'),
  }));

test.each([
  ['imports only what it may', wrongImports],
  ['loads what does the work of a command when it runs', loadedTooEarly],
  ['leaves the outside world, the clock and chance to system.ts', forbiddenWords],
  ['is short enough', tooLong],
])('every file %s', (_what, rule) => {
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.flatMap(({ name, text }) => rule(name, text).map((it) => `${name}: ${it}`));
  expect(found).toEqual([]);
});

test('the house stays small', () => {
  const [own, others] = [true, false].map((isImport) =>
    sources.filter(({ name }) => name.startsWith('import/') === isImport),
  ) as [typeof sources, typeof sources];
  expect(own.length).toBeLessThanOrEqual(MOST_FILES.import);
  expect(others.length).toBeLessThanOrEqual(MOST_FILES.others);
  const lines = own.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
  expect(lines).toBeLessThanOrEqual(MOST_LINES_OF_IMPORT);
});

test('few files lie loose', () => {
  const loose = sources.map(({ name }) => name).filter((name) => !name.includes('/'));
  expect(loose.length).toBeLessThanOrEqual(MOST_LOOSE_FILES);
});

test.each([
  ['a second user of a library', 'api/client.ts', `import got from 'got';`],
  ['a part of a library', 'api/client.ts', `import x from 'got/dist/source/core';`],
  ['at run time', 'commands/auth/login.ts', `const a = await import('inquirer');`],
  ['by re-export', 'output/table.ts', `export { Chalk } from 'chalk';`],
  ['a command that imports a command', 'commands/a.ts', `import { run } from './plesk/b.ts';`],
  ['what is above', 'api/a.ts', `import x from '../commands/options.ts';`],
  ['what is on the same floor', 'api/a.ts', `import x from '../store/config.ts';`],
  ['the api, by the sandbox', 'sandbox/a.ts', `import type {\n  A,\n} from '../api/json.ts';`],
  ['the sandbox, by the api', 'api/a.ts', `import '../sandbox/server.ts';`],
  ['without an ending', 'commands/a.ts', `import x from '../context';`],
])('a wrong import is seen: %s', (_what, name, text) => {
  expect(wrongImports(name, text)).not.toEqual([]);
});

test('work that is loaded with the flags is seen', () => {
  const text = `import { a } from '../store/history.ts';\nimport type { B } from '../call/b.ts';\n`;
  expect(loadedTooEarly('commands/a.ts', text)).toEqual(['../store/history.ts']);
});

test.each([
  ['commands/a.ts', `const a = process.env;`, true],
  ['commands/a.ts', `globalThis.process`, true],
  ['commands/a.ts', `console.log('a');`, true],
  ['commands/a.ts', `const a = \`\${Date.now()}\`;`, true],
  ['commands/a.ts', `new Date();`, true],
  ['commands/a.ts', `Math.random();`, true],
  ['system.ts', `process.exit(0);`, true],
  ['system.ts', `process.env; new Date(); Math.random();`, false],
  ['commands/a.ts', `// the process\nconst a = 'process'; b.process(new Date(text));`, false],
])('in %s %j is seen: %j', (name, text, isSeen) => {
  expect(forbiddenWords(name, text).length > 0).toBe(isSeen);
});
