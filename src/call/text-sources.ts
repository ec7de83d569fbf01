import { constants, openSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { OxhostError } from '../errors.ts';
import type { InputStream } from '../system.ts';

/** Far above any record or password, far below what hurts. */
const LARGEST_INPUT = 1_048_576;

/**
 * All of stdin as text: UTF-8, or UTF-16 with a byte order mark.
 * @param name the option that asks for it.
 * @throws OxhostError `invalid_input` when it is too long or not UTF-8, `cancelled` when aborted.
 */
export async function readStandardInput(
  stdin: InputStream,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  return readStream(stdin, name, signal).catch((error: unknown) => {
    throw unreadable(error, name, 'standard input');
  });
}

async function readStream(stream: InputStream, name: string, signal: AbortSignal): Promise<string> {
  const stop = () => (stream as NodeJS.ReadStream).destroy(new Error('stopped'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > LARGEST_INPUT) throw tooLong(name);
      chunks.push(bytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) {
    throw new OxhostError('cancelled', 'Stopped before anything was sent.', {
      exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
    });
  }
  return decode(Buffer.concat(chunks), name);
}

/**
 * A small file, or what comes through a named pipe, as text.
 * @throws OxhostError `invalid_input` that names the option, `cancelled` when aborted.
 */
export async function readTextFile(
  file: string,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  let content: Buffer;
  try {
    if ((await fs.stat(file)).isFIFO()) return await readPipe(file, name, signal);
    const handle = await fs.open(file);
    try {
      const status = await handle.stat();
      if (status.isDirectory())
        throw new OxhostError('invalid_input', `${name}: ${file} is a folder.`);
      if (status.size > LARGEST_INPUT) throw tooLong(name);
      content = await readAtMost(handle, name);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(error, name, file);
  }
  return decode(content, name);
}

/**
 * Opened and read without blocking: a read that waits in Node's pool for whoever is to write would
 * keep even the end of the process waiting.
 */
async function readPipe(file: string, name: string, signal: AbortSignal): Promise<string> {
  const { Socket } = await import('node:net');
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  return readStream(new Socket({ fd, readable: true, writable: false }), name, signal);
}

/** Devices and pipes have no size, so the bound holds while reading. */
async function readAtMost(handle: fs.FileHandle, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > LARGEST_INPUT) throw tooLong(name);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** UTF-16 by its byte order mark: PowerShell's `>` writes it. */
function decode(content: Buffer, name: string): string {
  const mark = content.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    throw new OxhostError('invalid_input', `${name} must be UTF-8 text.`);
  }
}

function unreadable(error: unknown, name: string, place: string): unknown {
  if (error instanceof OxhostError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'there is no such file' : (code ?? message);
  return new OxhostError('invalid_input', `${name}: ${place} cannot be read (${why}).`);
}

function tooLong(name: string): OxhostError {
  return new OxhostError(
    'invalid_input',
    `${name} must not be longer than ${LARGEST_INPUT} bytes.`,
  );
}
