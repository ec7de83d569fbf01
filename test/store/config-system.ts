import { setTimeout as delay } from 'node:timers/promises';
import type { ConfigurationSystem } from '../../src/store/config.ts';
import type { Store } from '../../src/store/config-file.ts';

/** What the settings need of the outside world, from this process. */
export const configurationSystem: ConfigurationSystem = {
  env: {},
  platform: process.platform,
  pid: process.pid,
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (milliseconds) => delay(milliseconds),
  random: () => Math.random(),
};

/** An edit that stores one more key. */
export function addProfile(name: string, key: string): (store: Store) => void {
  return (store) => {
    store.profiles[name] = { key, origin: 'https://0xhost.com' };
    store.current = name;
  };
}
