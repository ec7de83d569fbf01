import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { States } from '../../../src/import/journal/record.ts';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { open, passwordOf, removeFolder, temporaryFolder } from './opening.ts';

let child: BundledChild;
let folder: string;
let started: ChildProcess[] = [];

beforeAll(async () => {
  child = await bundleChild(new URL('./journal.child.ts', import.meta.url));
});
afterAll(() => child.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const process_ of started) process_.kill('SIGKILL');
  started = [];
  await removeFolder(folder);
});

/** Starts a run, kills it a moment after it has begun, and gives the lines that it said. */
async function runAndKill(mode: string, milliseconds: number): Promise<string[]> {
  const run = spawn(process.execPath, [child.path, mode, folder, '1000000', '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(run);
  const said = text(run.stdout);
  await once(run.stdout, 'readable');
  await sleep(milliseconds);
  run.kill('SIGKILL');
  return (await said).split('\n').slice(0, -1);
}

async function readStates(): Promise<States> {
  const journal = await open(folder);
  await journal.close();
  return journal.states;
}

function isKept(line: string, states: States): boolean {
  const [what, login = ''] = line.split(' ');
  const state = states.get(login);
  if (state?.generated_password !== passwordOf(login)) return false;
  return what === 'intent' || (state.status === 'created' && state.id === `id-${login}`);
}

test('killed at random moments, again and again, with torn tails in between: nothing that was promised is lost', async () => {
  const promised: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    promised.push(...(await runAndKill('durable', Math.random() * 120)));
    if (round % 3 === 0) await appendFile(join(folder, 'journal.ndjson'), '{"kind":"int');
  }
  const states = await readStates();
  expect(promised.length).toBeGreaterThan(100);
  expect(promised.filter((line) => !isKept(line, states))).toEqual([]);
});

test('the same without waiting for the disk does lose, so that the test above means something', async () => {
  let lost: string[] = [];
  const promised: string[] = [];
  // A kill may come too early or too late to show it.
  for (let round = 0; round < 40 && lost.length === 0; round += 1) {
    promised.push(...(await runAndKill('hasty', Math.random() * 60)));
    const states = await readStates();
    lost = promised.filter((line) => !isKept(line, states));
  }
  expect(lost).not.toEqual([]);
});
