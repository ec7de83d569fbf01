import { type FileHandle, open, rm } from 'node:fs/promises';
import { InputError } from './input-error.ts';

export interface SpoolOptions {
  readonly maximumBytes: number;
}

/**
 * Writes a stream to a new file of mode 0600 and returns when the file is on disk. Whatever goes
 * wrong, no half-written file stays behind.
 * @returns the number of bytes.
 * @throws InputError when the file exists already (a symbolic link counts) or the stream is
 *   longer than allowed; failures of the disk and of the stream as they come.
 */
export async function spool(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  options: SpoolOptions,
): Promise<number> {
  const handle = await create(path);
  try {
    const written = await copy(stream, handle, options.maximumBytes);
    await handle.sync();
    await handle.close();
    return written;
  } catch (error) {
    // The first failure is the one to tell of.
    await handle.close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new InputError(`"${path}" exists already and is not overwritten`);
    }
    throw error;
  }
}

async function copy(
  stream: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  maximumBytes: number,
): Promise<number> {
  let written = 0;
  for await (const chunk of stream) {
    written += chunk.byteLength;
    if (written > maximumBytes) {
      throw new InputError(`standard input is longer than ${maximumBytes} bytes`, {
        hint: 'Write it to a file and import that.',
      });
    }
    await handle.writeFile(chunk);
  }
  return written;
}
