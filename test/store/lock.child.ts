import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../src/store/lock.ts';

const [mode, folder = '', rounds = '0'] = process.argv.slice(2);

const acquire = () =>
  acquireLock({
    folder,
    purpose: 'test',
    platform: process.platform,
    pid: process.pid,
    doing: 'counting',
    clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
    random: Math.random,
    waitMilliseconds: mode === 'count' ? 60_000 : 0,
  });

async function count(): Promise<void> {
  const file = join(folder, 'count');
  const before = Number(await readFile(file, 'utf8'));
  await sleep(1);
  await writeFile(file, String(before + 1));
}

if (mode === 'hold') {
  await acquire();
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(1);
    globalThis.gc?.();
  }
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
} else if (mode === 'leave') {
  await acquire();
} else {
  for (let round = 0; round < Number(rounds); round += 1) {
    const lock = mode === 'count' ? await acquire() : undefined;
    await count();
    await lock?.release();
  }
}
