import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { meaningOf } from '../journal/disk.ts';
import { unreadable } from './record.ts';

/** Of one import: far above any list of clients, and little enough to be held in memory whole. */
const MOST_MEBIBYTES = 100;
export const MOST_BYTES = MOST_MEBIBYTES * 2 ** 20;

/**
 * All bytes of the file, or of standard input.
 * @throws OxhostError `invalid_input` for what is too large, missing or no regular file, and
 * `cancelled` on a signal.
 */
export async function readBytes(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  operand: string,
): Promise<Buffer> {
  const bytes = await (operand === '-'
    ? readStream(system.stdin as NodeJS.ReadStream, signal)
    : readRegular(operand, signal));
  if (signal.aborted) throw cancelled(signal);
  return bytes;
}

export function cancelled(signal: AbortSignal): OxhostError {
  return new OxhostError('cancelled', 'Stopped before anything was sent.', {
    exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
    outcome: 'not_created',
  });
}

async function readStream(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = () => stdin.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MOST_BYTES) throw tooLarge('Standard input');
      chunks.push(chunk);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return Buffer.concat(chunks);
}

async function readRegular(path: string, signal: AbortSignal): Promise<Buffer> {
  try {
    // Opening a pipe that nobody writes to would wait for ever.
    const status = await stat(path);
    if (!status.isFile()) throw notRegular(path, status);
    if (status.size > MOST_BYTES) throw tooLarge(path);
    return await readFile(path, { signal });
  } catch (error) {
    if (signal.aborted) return Buffer.alloc(0);
    throw error instanceof OxhostError
      ? error
      : unreadable(`${path} cannot be read: ${meaningOf(error)}.`);
  }
}

function tooLarge(name: string): OxhostError {
  return unreadable(
    `${name} is larger than ${MOST_MEBIBYTES} MiB, the most that one import takes.`,
    'Cut it into parts and import one after the other, each with the same --journal <folder>.',
  );
}

function notRegular(path: string, status: Stats): OxhostError {
  return unreadable(
    `${path} is ${status.isDirectory() ? 'a folder' : 'a pipe or device'}, not a regular file.`,
    'To import what another command writes, pipe it to: oxhost plesk client import - --journal <folder>',
  );
}
