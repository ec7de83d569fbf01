import type { BigIntStats } from 'node:fs';
import { access, constants, lstat, mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { JOURNAL_NAME } from './journal/folder.ts';
import { isResultsBeginning, LONGEST_BEGINNING } from './result-lines.ts';

/** Where an import keeps things; as given on the command line, so relative paths stay so. */
export interface Places {
  /** Folder of the journal. */
  readonly journal: string;
  readonly results: string;
  readonly resultsFormat: 'csv' | 'ndjson';
}

export interface PlaceOptions {
  /** A path or `-`. */
  readonly operand: string;
  readonly journal: string | undefined;
  readonly results: string | undefined;
  readonly dryRun: boolean;
}

/** @throws OxhostError `usage` when standard input has no journal, or the results no known ending. */
export async function placesOf(
  { settings, system }: Pick<Context, 'settings' | 'system'>,
  { operand, journal, results, dryRun }: PlaceOptions,
): Promise<Places> {
  if (operand === '-' && journal === undefined && !dryRun && !settings.sandbox) {
    throw new OxhostError('usage', 'Standard input needs --journal <folder>.', {
      hint: 'The folder is what makes a second run continue; name the same one again then.',
    });
  }
  if (results !== undefined && !/\.(?:csv|ndjson)$/i.test(results)) {
    throw new OxhostError('usage', '--results must name a file that ends in .csv or .ndjson.', {
      hint: 'The ending says in which of the two formats it is written.',
    });
  }
  let folder = journal ?? `${operand}.oxhost`;
  // An embedded sandbox is gone with the run: what it created must not stand in a later one's way.
  if (settings.sandbox && !dryRun && journal === undefined) {
    const temporary = await mkdtemp(join(system.env['TMPDIR'] ?? tmpdir(), 'oxhost-'));
    folder = join(temporary, basename(folder));
  }
  const file = results ?? join(folder, 'results.csv');
  const resultsFormat = file.toLowerCase().endsWith('.ndjson') ? 'ndjson' : 'csv';
  return { journal: folder, results: file, resultsFormat };
}

/**
 * Makes sure that the results can go there and overwrite nothing but earlier results.
 * @throws OxhostError `usage` or `config_error`.
 */
export async function checkResultsPlace(
  { journal, results }: Places,
  input: string,
): Promise<void> {
  const refuse = (why: string) =>
    new OxhostError('usage', `The results cannot go to ${results}: ${why}.`, {
      hint: 'Name another file with --results.',
      outcome: 'not_created',
    });
  const name = basename(results);
  const isInJournal = resolve(dirname(results)) === resolve(journal);
  if (isInJournal && [JOURNAL_NAME, 'lock', 'unknown.csv'].includes(name)) {
    throw refuse('the import needs that name for itself');
  }
  const found = await statusOf(results, lstat);
  if (found === undefined) return isInJournal ? undefined : checkFolder(dirname(results), refuse);
  if (found.isSymbolicLink()) throw refuse('it is a symbolic link');
  if (!found.isFile()) throw refuse('it is not a regular file');
  const own = await statusOf(input, stat);
  if (own !== undefined && own.dev === found.dev && own.ino === found.ino) {
    throw refuse('it is the file to be imported');
  }
  if (found.size > 0n && !isResultsBeginning(await beginningOf(results, refuse))) {
    throw refuse('there is a file that oxhost did not write');
  }
}

type Refuse = (why: string) => OxhostError;

async function checkFolder(folder: string, refuse: Refuse): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw refuse(`there is no folder ${folder}`);
    throw refuse(
      code === 'EROFS' ? 'the file system is read-only' : `${folder} may not be written to`,
    );
  }
}

async function statusOf(
  path: string,
  look: (path: string, options: { bigint: true }) => Promise<BigIntStats>,
): Promise<BigIntStats | undefined> {
  try {
    return await look(path, { bigint: true });
  } catch {
    // Not there, or not to be seen: whoever opens it says why.
    return undefined;
  }
}

async function beginningOf(path: string, refuse: Refuse): Promise<string> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_BEGINNING));
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw refuse(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
