import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../bundle-child.ts';
import { seededIntegers } from '../plesk/seeded-random.ts';
import { runProcess, startProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { builtTool } from '../support/tool.ts';
import { addProfile, openAt } from './config-system.ts';

const launcher = builtTool();
let child: BundledChild;
let temporary: TemporaryFolder;
let folder: string;
let file: string;
beforeAll(async () => {
  child = await bundleChild(new URL('./config.child.ts', import.meta.url));
});
afterAll(() => child.remove());
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.join('config');
  file = temporary.join('config', 'config.json');
});
afterEach(() => temporary.close());

const open = () => openAt(folder);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('several processes at once', () => {
  test.each([8, 10])('%i log-ins lose nothing', async (count) => {
    const args = (number: number) => [
      launcher,
      'auth',
      'login',
      '--key-stdin',
      '--json',
      '--profile',
      `p${number}`,
    ];
    const results = await Promise.all(
      numbers(count).map((number) =>
        runProcess(process.execPath, args(number), {
          input: `key-of-p${number}-0123456789\n`,
          env: { OXHOST_CONFIG_DIR: folder },
        }),
      ),
    );
    for (const { exitCode, stderr } of results) expect(exitCode, stderr).toBe(0);
    const { profiles } = await open().read();
    for (const number of numbers(count)) {
      expect(profiles[`p${number}`]?.key).toBe(`key-of-p${number}-0123456789`);
    }
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
  });

  test('log-ins and log-outs of different profiles do not disturb each other', async () => {
    for (const number of numbers(4)) {
      await open().change(addProfile(`old${number}`, `key-of-old${number}`));
    }
    const run = (verb: string, profile: string) =>
      runProcess(
        process.execPath,
        [launcher, 'auth', verb, '--json', '--profile', profile].concat(
          verb === 'login' ? ['--key-stdin'] : [],
        ),
        {
          input: 'key-of-a-new-one\n',
          env: { OXHOST_CONFIG_DIR: folder },
        },
      );
    const results = await Promise.all(
      numbers(4).flatMap((number) => [run('logout', `old${number}`), run('login', `new${number}`)]),
    );
    for (const { exitCode, stderr } of results) expect(exitCode, stderr).toBe(0);
    const { profiles } = await open().read();
    expect(Object.keys(profiles).sort()).toEqual(['new1', 'new2', 'new3', 'new4']);
  });

  const profilesAfter = async (mode: string): Promise<number> => {
    const results = await Promise.all(
      numbers(8).map((number) =>
        runProcess(process.execPath, [child.path, mode, folder, `p${number}`, '6']),
      ),
    );
    for (const { exitCode, stderr } of results) expect(exitCode, stderr).toBe(0);
    const store = JSON.parse(await readFile(file, 'utf8'));
    return Object.keys(store.profiles).length;
  };

  test('six changes of each of eight are all there', async () => {
    expect(await profilesAfter('locked')).toBe(48);
  });

  test('without the lock some are lost, so that the test above means something', async () => {
    expect(await profilesAfter('unlocked')).toBeLessThan(48);
  });

  test('readers always see a whole store while it is written', async () => {
    await open().change(addProfile('only', 'key-number-0'));
    await using writer = startProcess(process.execPath, [child.path, 'whole', folder, '1']);
    await writer.waitForStdout('1\n');
    let last = 0;
    for (let round = 0; round < 500; round += 1) {
      const { profiles } = await open().read();
      const number = Number(/^key-number-(\d+)$/.exec(profiles['only']?.key ?? '')?.[1]);
      expect(number).toBeGreaterThanOrEqual(last);
      last = number;
    }
    expect(last).toBeGreaterThan(2);
  });
});

describe('kill -9 in the middle of saving', () => {
  const kills = 15;

  /** Kills a saving process again and again. @returns how often the file was not whole. */
  async function killRepeatedly(mode: string): Promise<number> {
    const pick = seededIntegers(7);
    let broken = 0;
    let next = 1;
    await open().change(addProfile('only', 'key-number-0'));
    for (let kill = 0; kill < kills; kill += 1) {
      await using writer = startProcess(process.execPath, [child.path, mode, folder, String(next)]);
      await writer.waitForStdout(`${next}\n`);
      await delay(pick(40));
      writer.kill('SIGKILL');
      const { stdout } = await writer.exited;
      const printed = Number(stdout.trimEnd().split('\n').at(-1));
      const text = await readFile(file, 'utf8');
      const found = Number(/"key-number-(\d+)"/.exec(text)?.[1] ?? Number.NaN);
      if (found === printed || found === printed + 1) {
        expect(() => JSON.parse(text)).not.toThrow();
        expect((await open().read()).profiles['only']?.key).toBe(`key-number-${found}`);
      } else {
        broken += 1;
        await writeFile(file, '{"current":"only","profiles":{}}');
      }
      next = printed + 2;
    }
    return broken;
  }

  test('the file is whole each time, old or new, and nothing piles up', async () => {
    expect(await killRepeatedly('whole')).toBe(0);
    await open().change(addProfile('last', 'key-last'));
    expect(Object.keys((await open().read()).profiles)).toEqual(['only', 'last']);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'lock']);
  });

  test('a plain write does break, so that the test above means something', async () => {
    expect(await killRepeatedly('in-place')).toBeGreaterThan(0);
  });
});
