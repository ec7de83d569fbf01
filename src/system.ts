import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { SignalName, System } from './context.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM'];

/** The outside world as this process has it. */
export function systemOfProcess(): System {
  const { env, stderr, stdout } = process;
  const seenEnvironment = { ...env };
  // Node would obey it in places that nobody thinks of; what it said is kept for the warning.
  delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
  // A closed pipe is an answer to a write, not a crash.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return {
    args: process.argv.slice(2),
    env: seenEnvironment,
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    platform: process.platform,
    get homeFolder() {
      return homedir();
    },
    pid: process.pid,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, signal) =>
      delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
    randomInteger: (maximum) => randomInt(maximum),
    randomUUID: () => randomUUID(),
    randomBytes: (size) => randomBytes(size),
    onSignal(listener) {
      const listeners = SIGNALS.map((name) => {
        const onThis = () => listener(name);
        process.on(name, onThis);
        return () => process.off(name, onThis);
      });
      return () => {
        for (const stop of listeners) stop();
      };
    },
    onWarning(listener) {
      process.removeAllListeners('warning');
      process.on('warning', listener);
      return () => process.off('warning', listener);
    },
    onCrash(listener) {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
      return () => {
        process.off('uncaughtException', listener);
        process.off('unhandledRejection', listener);
      };
    },
  };
}
