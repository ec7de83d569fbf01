import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type BundledChild, bundleChild } from '../bundle-child.ts';
import { runProcess } from '../support/process.ts';
import { answer, startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';
import { has } from './tools.ts';

/** The only actions that are used, each by its commit. */
const ACTIONS = [
  'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2',
  'actions/setup-node@48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e # v6.4.0',
  'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7',
  'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8',
];

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { run?: string }[] }>;
}

const folder = path.resolve(import.meta.dirname, '../../.github/workflows');
const names = (await readdir(folder)).filter((name) => name.endsWith('.yml'));
const textOf = (name: string) => readFile(path.join(folder, name), 'utf8');
const workflow = async (name: string): Promise<Workflow> => parse(await textOf(name));

const created = { success: true, data: { id: 'client-id', login: 'client1' } };

let bundled: BundledChild;
let checker: typeof import('./workflow-checker.child.ts');
beforeAll(async () => {
  bundled = await bundleChild(new URL('workflow-checker.child.ts', import.meta.url));
  checker = await import(bundled.path);
});
afterAll(() => bundled.remove());

let documents = 0;

async function complaints(text: string): Promise<string[]> {
  // It remembers documents by their name.
  const name = `file:///.github/workflows/${documents++}.yml`;
  const document = checker.TextDocument.create(name, 'yaml', 1, text);
  return (await checker.validate(document)).map(
    ({ message, range }) => `${range.start.line + 1}: ${message}`,
  );
}

async function shellcheck(script: string): Promise<string> {
  return (await runProcess('shellcheck', ['--shell=bash', '-'], { input: script })).stdout;
}

test('there is one for changes and one for releases', () => {
  expect(names.sort()).toEqual(['ci.yml', 'release.yml']);
});

describe.each(names)('%s', (name) => {
  test('is a valid workflow for runners that exist', async () => {
    const text = await textOf(name);
    expect(await complaints(text)).toEqual([]);
    const runners = text.match(/\b(?:macos|ubuntu|windows)-[\w.-]+/g) ?? [];
    expect(runners.length).toBeGreaterThan(2);
    for (const runner of runners) expect(checker.DEFAULT_RUNNER_LABELS).toContain(runner);
  });

  test('uses nothing but pinned actions', async () => {
    const used = [...(await textOf(name)).matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((action) => !ACTIONS.includes(action ?? ''))).toEqual([]);
  });

  test('may do nothing that a job does not ask for, and only one asks for each right', async () => {
    const { permissions, jobs } = await workflow(name);
    expect(permissions).toEqual({});
    const rights = Object.values(jobs).map((job) => job.permissions);
    const written = rights.flatMap((right) =>
      Object.entries(right ?? { all: 'write' }).filter(([, level]) => level === 'write'),
    );
    const expected = name === 'release.yml' ? ['id-token', 'contents'] : [];
    expect(written.map(([right]) => right)).toEqual(expected);
    expect(await textOf(name)).not.toMatch(/registry-url:|secrets\./);
  });

  test.skipIf(!has('shellcheck'))('runs scripts without a complaint of shellcheck', async () => {
    const { jobs } = await workflow(name);
    const scripts = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    for (const script of scripts) expect(await shellcheck(script)).toBe('');
  });
});

test.each([
  ['a job that does not exist', 'needs: npm', 'needs: npmm'],
  ['a key that is none', 'timeout-minutes', 'timeout-minute'],
  ['a value of the matrix that is none', 'matrix.platform', 'matrix.plattform'],
])('%s is seen', async (_what, right, wrong) => {
  expect(await complaints((await textOf('release.yml')).replace(right, wrong))).not.toEqual([]);
});

test.skipIf(!has('shellcheck'))('a script that breaks at a space is seen', async () => {
  expect(await shellcheck('rm $1')).toContain('SC2086');
});

test('the release fills in every word of its templates', async () => {
  const release = await textOf('release.yml');
  for (const name of ['oxhost.rb', 'oxhost.json']) {
    const words = new Set((await textOf(name)).match(/@[A-Z0-9_]+@/g));
    expect(words.size).toBeGreaterThan(2);
    for (const word of words) expect(release).toContain(`s|${word}|`);
  }
});

describe("README's example", async () => {
  const readme = await readFile(path.resolve(folder, '../../README.md'), 'utf8');
  const [, text = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const example: Workflow = parse(text);
  const script = example.jobs['client']?.steps.at(-1)?.run ?? '';

  test('is valid', async () => {
    expect(await complaints(text)).toEqual([]);
    if (has('shellcheck')) expect(await shellcheck(script)).toBe('');
  });

  test.each([
    ['a client', answer(200, created), 0, /^::add-mask::\S{20}\n$/, 'id=client-id\n'],
    ['an unknown end', answer(500, ''), 8, /^::add-mask::\S{20}\n::error::It may/, 'id=\n'],
    ['a refusal', answer(422, { success: false }), 5, /^$/, 'id=\n'],
  ])('ends as it should with %s', async (_what, handler, status, printed, written) => {
    await using server = await startServer(handler);
    await using place = await temporaryFolder();
    const whole = `oxhost() { "$runtime" "$launcher" "$@"; }\n${script}`;
    const env = {
      ...{ runtime: toolRuntime(), launcher: builtTool(), HOME: place.path, CI: 'true' },
      ...{ OXHOST_API_KEY: 'a-key-of-actions', OXHOST_API_URL: server.url },
      GITHUB_OUTPUT: place.join('output'),
    };
    const { exitCode, stdout } = await runProcess('bash', ['-e', '-c', whole], {
      ...{ cwd: place.path, env },
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: status,
      stdout: expect.stringMatching(printed),
    });
    expect(await readFile(place.join('output'), 'utf8')).toBe(written);
  });
});
