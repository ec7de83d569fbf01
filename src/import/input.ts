import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { System } from '../system.ts';
import { cancelled } from './first-pass.ts';
import { type FileIdentity, fileIdentity, isSameIdentity } from './reader/file.ts';
import { spool } from './reader/spool.ts';

/** Above any list of clients; it keeps an endless stream from filling the disk. */
const LARGEST_STANDARD_INPUT = 2 ** 31;
const SPOOL_NAME = /^stdin-.*\.spool$/;

/** The file to be imported, or what standard input gave. */
export interface Input {
  readonly path: string;
  /** What people call it. */
  readonly name: string;
  /** Whether it is another file, or was written to, since it was opened here. */
  hasChanged(): Promise<boolean>;
  /** Takes away what standard input was kept in. */
  dispose(): Promise<void>;
}

/** @throws InputError for what is no regular file. */
export async function openFile(path: string): Promise<Input> {
  const identity = await fileIdentity(path);
  return {
    path,
    name: path,
    hasChanged: () => isChanged(path, identity),
    dispose: async () => {},
  };
}

/**
 * Keeps all of standard input in a private file of the folder, since it has to be read twice.
 * @throws InputError when it is too long, OxhostError `cancelled` on a signal.
 */
export async function openStandardInput(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  folder: string,
): Promise<Input> {
  const path = join(folder, `stdin-${system.randomUUID()}.spool`);
  const { stdin } = system;
  const stop = () => (stdin as NodeJS.ReadStream).destroy(new Error('stopped'));
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) throw cancelled(signal);
    await spool(stdin as AsyncIterable<Buffer>, path, { maximumBytes: LARGEST_STANDARD_INPUT });
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const file = await openFile(path);
  return { ...file, name: 'standard input', dispose: () => rm(path, { force: true }) };
}

/** Copies of standard input that killed runs left in the folder; `own` stays. */
export async function removeLeftSpools(folder: string, own: string): Promise<void> {
  for (const name of await readdir(folder)) {
    // By name: one of the two paths may be relative.
    const isLeft = SPOOL_NAME.test(name) && name !== basename(own);
    if (isLeft) await rm(join(folder, name), { force: true });
  }
}

async function isChanged(path: string, identity: FileIdentity): Promise<boolean> {
  try {
    return !isSameIdentity(identity, await fileIdentity(path));
  } catch {
    // Gone, or replaced by something else.
    return true;
  }
}

/** @param hasBegun whether something may have been sent; exit code 2 would say that nothing was. */
export function changed({ name }: Input, hasBegun = true): OxhostError {
  return new OxhostError('invalid_input', `${name} changed while it was being imported.`, {
    ...(hasBegun && { exitCode: 1 }),
    hint: 'Run the same command again when nothing writes to the file any more: it continues.',
  });
}

/** Notices that the file is no longer the one that was checked. */
export interface FileWatch {
  /** @throws OxhostError `invalid_input`. */
  check(): Promise<void>;
}

/** A look costs a system call: at a thousand requests a second one of twenty pays for it. */
const LOOK_MILLISECONDS = 20;

export function watchFile(input: Input, clock: Pick<System, 'monotonic'>): FileWatch {
  let lastLook = Number.NEGATIVE_INFINITY;
  let look: Promise<void> = Promise.resolve();
  async function lookNow(): Promise<void> {
    if (await input.hasChanged()) throw changed(input);
  }
  return {
    async check() {
      if (clock.monotonic() - lastLook >= LOOK_MILLISECONDS) {
        lastLook = clock.monotonic();
        look = lookNow();
      }
      // Whoever comes while the look is under way has to know what it finds, too.
      await look;
    },
  };
}
