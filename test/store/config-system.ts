import { setTimeout as delay } from 'node:timers/promises';
import {
  type Configuration,
  type ConfigurationSystem,
  openConfiguration,
  type Store,
} from '../../src/store/config.ts';

/** What the settings need of the outside world, from this process. */
const configurationSystem: ConfigurationSystem = {
  platform: process.platform,
  pid: process.pid,
  userId: () => process.geteuid?.() ?? null,
  now: () => new Date(),
  sleep: (milliseconds) => delay(milliseconds),
  random: () => Math.random(),
};

/**
 * @param codes gets those of notes and warnings.
 * @param userId null as on Windows, where users have no numbers.
 */
export function openAt(
  folder: string,
  codes: string[] = [],
  userId = configurationSystem.userId(),
): Configuration {
  const tell = (code: string) => codes.push(code);
  const system = { ...configurationSystem, userId: () => userId };
  return openConfiguration(folder, system, { note: tell, warning: tell });
}

/** An edit that stores one more key. */
export function addProfile(name: string, key: string): (store: Store) => void {
  return (store) => {
    store.profiles[name] = { key, origin: 'https://0xhost.com' };
    store.current = name;
  };
}
