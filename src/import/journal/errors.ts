import { constants } from 'node:os';

/** Something is wrong with the journal; the message is a sentence for people. */
export class JournalError extends Error {
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** The folder or a file in it cannot be used: a symbolic link, not writable, a network drive. */
export class JournalFolderError extends JournalError {
  override readonly name = 'JournalFolderError';
}

/** A line other than a torn last one is not what was written. Nothing was changed. */
export class JournalDamagedError extends JournalError {
  override readonly name = 'JournalDamagedError';
  /** Where the bad line begins, in bytes from the start of the file. */
  readonly offset: number;
  readonly reason: string;

  constructor(path: string, offset: number, reason: string) {
    super(path, `the journal ${path} is damaged at byte ${offset}: ${reason}`);
    this.offset = offset;
    this.reason = reason;
  }
}

/** The journal belongs to another API. */
export class JournalOriginError extends JournalError {
  override readonly name = 'JournalOriginError';
  readonly expected: string;
  readonly found: string;

  constructor(path: string, expected: string, found: string) {
    super(path, `the journal ${path} belongs to ${found}, not to ${expected}`);
    this.expected = expected;
    this.found = found;
  }
}

/** A later version of the tool wrote the journal. */
export class JournalVersionError extends JournalError {
  override readonly name = 'JournalVersionError';
  readonly found: number;

  constructor(path: string, found: number, toolVersion: string) {
    super(path, `the journal ${path} has format ${found}, written by oxhost ${toolVersion}`);
    this.found = found;
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an error',
  EROFS: 'the file system is read-only',
  EFBIG: 'the file may not grow any further',
};

/**
 * A record may not have reached the disk. Nothing more is written to this journal by this process,
 * and no flush is repeated: after a failed one the kernel may count lost data as written.
 */
export class JournalWriteError extends JournalError {
  override readonly name = 'JournalWriteError';
  /** The system's own name of what went wrong: ENOSPC, EDQUOT, EIO. */
  readonly code: string | undefined;

  constructor(path: string, cause: unknown) {
    const code = codeOf(cause);
    const meaning = (code && MEANINGS[code]) ?? 'the system refused';
    super(path, `cannot write ${path}: ${meaning} (${code ?? String(cause)})`, { cause });
    this.code = code;
  }
}

/** Someone else changed the file while we held it. Nothing more is written. */
export class ForeignWriterError extends JournalError {
  override readonly name = 'ForeignWriterError';
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(codeOf(error)));
}

function codeOf(error: unknown): string | undefined {
  const { code, errno } = Object(error) as NodeJS.ErrnoException;
  // Node has the number, but calls it "Unknown system error".
  return errno !== undefined && errno === -constants.errno.EDQUOT ? 'EDQUOT' : code;
}
