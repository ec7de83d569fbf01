import { describe } from '../errors.ts';
import { listAttempts, type OpenAttempt } from '../store/pending.ts';
import { type Finding, ok, warning } from './finding.ts';

const NAME = 'attempts';
const MOST_NAMED = 10;

/** Calls that were begun and whose end nobody knows. */
export async function attemptsFinding(folder: string): Promise<Finding> {
  try {
    const { attempts, unreadable } = await listAttempts(folder);
    return describeAttempts(attempts, unreadable);
  } catch (error) {
    return warning(
      NAME,
      `The records of open attempts cannot be read (${describe(error)}).`,
      'Make the folder of settings your own.',
    );
  }
}

/** Names logins and files and no password; a path stands where no table breaks it. Pure. */
export function describeAttempts(
  attempts: readonly OpenAttempt[],
  unreadable: readonly string[],
): Finding {
  const count = attempts.length + unreadable.length;
  if (count === 0)
    return ok(NAME, 'No call was left without a known end (an import has its own journal).');
  const begun = count === 1 ? '1 call was' : `${count} calls were`;
  const unclear = unreadable.length > 0 ? [`${unreadable.length} of which nothing is known`] : [];
  const what = shortList([...attempts.map(describeAttempt), ...unclear]);
  const files = shortList([...attempts.map(describeFile), ...unreadable]);
  return warning(
    NAME,
    `${begun} begun and nobody knows whether it was done: ${what}.`,
    `Look in the panel: what is there is yours. When you have looked, delete what was kept of it: ${files}`,
  );
}

function shortList(items: readonly string[]): string {
  const more = items.length - MOST_NAMED;
  return `${items.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function describeAttempt({ login, path, origin, startedAt }: OpenAttempt): string {
  const what = login === null ? (path ?? 'a call') : `the client ${login}`;
  return `${what} at ${origin}, ${startedAt}`;
}

function describeFile({ file, hasPassword }: OpenAttempt): string {
  return hasPassword ? `${file} (with its generated password)` : file;
}
