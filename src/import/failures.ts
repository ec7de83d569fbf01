import { OxhostError } from '../errors.ts';
import { LockedError } from '../store/lock.ts';
import {
  JournalDamagedError,
  JournalError,
  JournalOriginError,
  JournalVersionError,
} from './journal/errors.ts';

/** What went wrong with journal or lock, in the words and codes of the command line. */
export function asOxhostError(error: unknown): unknown {
  if (error instanceof LockedError) {
    return new OxhostError(
      'config_error',
      `Another run works with this journal: ${sentence(error.message)}`,
      { hint: 'Wait for its end, or stop it, and run this again.', retry: 'safe' },
    );
  }
  if (isRefusedAccess(error)) {
    return new OxhostError('config_error', `${error.path} may not be used (${error.code}).`, {
      hint: 'It may belong to another user. Mend this, or name another folder with --journal.',
    });
  }
  return error instanceof JournalError ? journalError(error) : error;
}

function isRefusedAccess(error: unknown): error is NodeJS.ErrnoException & { path: string } {
  const { code, path } = Object(error) as NodeJS.ErrnoException;
  return ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '') && typeof path === 'string';
}

function journalError(error: JournalError): OxhostError {
  if (error instanceof JournalOriginError) {
    return new OxhostError('usage', sentence(error.message), {
      hint: 'Give the address that it belongs to, or another folder with --journal.',
    });
  }
  return new OxhostError('config_error', sentence(error.message), { hint: hintFor(error) });
}

function hintFor(error: JournalError): string {
  if (error instanceof JournalVersionError) return 'Use that version of oxhost, or a later one.';
  if (error instanceof JournalDamagedError) {
    return 'Keep the file: it may hold generated passwords. A copy of it is safe only if no run came after it. Without one, take out of your file what the panel has already, and import that with a new --journal.';
  }
  return 'Nothing that was recorded is lost. Mend this and run the same command again, or name another folder with --journal if no run has begun here.';
}

function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return whole.endsWith('.') ? whole : `${whole}.`;
}
