import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError } from './input-error.ts';

const READ_BYTES = 65_536;
/** Little: the rows of a chunk are in memory together, and few become none that outlive a collection. */
const CHUNK_BYTES = 8_192;

/** What changes when a file is edited, replaced or appended to. */
export interface FileIdentity {
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

/**
 * Taken before and after a pass over a file, it tells whether the file stayed the same.
 * @throws InputError when there is no such regular file.
 */
export async function fileIdentity(path: string): Promise<FileIdentity> {
  const stats = await explained(path, stat(path, { bigint: true }));
  refuseSpecial(path, stats);
  return { size: stats.size, mtimeNs: stats.mtimeNs, ino: stats.ino };
}

export function isSameIdentity(one: FileIdentity, other: FileIdentity): boolean {
  return one.size === other.size && one.mtimeNs === other.mtimeNs && one.ino === other.ino;
}

/**
 * Reads a regular file from its beginning, at most as far as it reached when it was opened, so
 * that a file that keeps growing comes to an end.
 * @param onProgress told before each chunk how much of the file has been read with it, up to 1.
 * @throws InputError for folders, pipes, devices, missing and unreadable files.
 */
export async function* readFileChunks(
  path: string,
  onProgress: (share: number) => void = () => undefined,
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await explained(path, open(path, readOnlyWithoutWaiting()));
  try {
    const stats = await explained(path, handle.stat({ bigint: true }));
    refuseSpecial(path, stats);
    const size = Number(stats.size);
    let done = 0;
    while (done < size) {
      const bytes = await readBytes(path, handle, Math.min(size - done, READ_BYTES));
      if (bytes.length === 0) return;
      for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
        const chunk = bytes.subarray(start, start + CHUNK_BYTES);
        done += chunk.length;
        onProgress(done / size);
        yield chunk;
      }
    }
  } finally {
    await handle.close();
  }
}

/** Opening a pipe that nobody writes to would otherwise wait for ever. */
function readOnlyWithoutWaiting(): number {
  return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
}

async function readBytes(path: string, handle: FileHandle, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await explained(path, handle.read(buffer, 0, length, null));
  return buffer.subarray(0, bytesRead);
}

function refuseSpecial(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  throw new InputError(`"${path}" is ${kindOf(stats)}; only a regular file can be imported`, {
    hint: 'To import what a command writes, give - and pipe it to standard input.',
  });
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

async function explained<T>(path: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw new InputError(`"${path}" ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'ENXIO') return 'is a socket or device; only a regular file can be imported';
  return `cannot be read (${code})`;
}
