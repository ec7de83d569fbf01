import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Conf from 'conf';
import type { Store } from '../../src/store/config-file.ts';
import { addProfile, openAt } from './config-system.ts';

const [mode, folder = '', name = '', rounds = '0'] = process.argv.slice(2);
const configuration = openAt(folder);

/** As the tool does it, but without the lock and without reading back. */
async function changeUnlocked(edit: (store: Store) => void): Promise<void> {
  const store = await configuration.read().catch(() => ({ current: null, profiles: {} }));
  edit(store);
  await delay(1);
  const conf = new Conf<Record<string, unknown>>({ cwd: folder, projectName: 'oxhost' });
  conf.store = { ...store };
}

/** As a plain write does it: a moment without content, then the content in two parts. */
async function changeInPlace(edit: (store: Store) => void): Promise<void> {
  const store = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Store;
  edit(store);
  const text = JSON.stringify(store);
  const file = await open(join(folder, 'config.json'), 'w');
  await file.write(text.slice(0, text.length / 2));
  await delay(1);
  await file.write(text.slice(text.length / 2));
  await file.close();
}

if (mode === 'locked' || mode === 'unlocked') {
  const change = mode === 'locked' ? configuration.change : changeUnlocked;
  for (let round = 0; round < Number(rounds); round += 1) {
    await change(addProfile(`${name}-${round}`, `key-of-${name}-${round}`));
  }
} else {
  const change = mode === 'whole' ? configuration.change : changeInPlace;
  for (let round = Number(name); ; round += 1) {
    await change(addProfile('only', `key-number-${round}`));
    process.stdout.write(`${round}\n`);
  }
}
