import { setTimeout as delay } from 'node:timers/promises';
import type { SignalName, System } from './context.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM'];

/** Loaded on first use: crypto alone takes a tenth of a bare start. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** A closed pipe is an answer to a write, not a crash. */
function withoutCrash<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

/** The outside world as this process has it. */
export function systemOfProcess(): System {
  const { env } = process;
  const seenEnvironment = { ...env };
  // Node would obey it in places that nobody thinks of; what it said is kept for the warning.
  delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
  return {
    args: process.argv.slice(2),
    env: seenEnvironment,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return withoutCrash(process.stdout);
    },
    get stderr() {
      return withoutCrash(process.stderr);
    },
    platform: process.platform,
    nodeVersion: process.versions.node,
    get homeFolder() {
      return process.getBuiltinModule('node:os').homedir();
    },
    pid: process.pid,
    userId: () => process.geteuid?.() ?? null,
    now: () => new Date(),
    monotonic: () => Number(process.hrtime.bigint()) / 1e6,
    sleep: (milliseconds, signal) =>
      delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
    randomInteger: (maximum) => crypto().randomInt(maximum),
    randomUUID: () => crypto().randomUUID(),
    randomBytes: (size) => crypto().randomBytes(size),
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
