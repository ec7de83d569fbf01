import { access, constants, lstat, mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { isDevice } from '../store/private-files.ts';
import { meaningOf } from './journal/disk.ts';
import { JOURNAL_NAME } from './journal/open.ts';
import { isResultsBeginning } from './report/results.ts';
import type { ImportSettings } from './settings.ts';

/** Where an import keeps things; as given on the command line, so relative paths stay so. */
export interface Places {
  readonly journal: string;
  readonly results: string;
  readonly resultsFormat: 'csv' | 'ndjson';
}

/** @throws OxhostError `usage` when standard input has no journal, or the results no known ending. */
export async function placesOf(
  { settings, system }: Pick<Context, 'settings' | 'system'>,
  { operand, journal, results, dryRun }: ImportSettings,
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
  if (results !== undefined && isDevice(results, system.platform)) {
    throw new OxhostError('usage', `--results must name a file, and ${results} is a device.`);
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
 * @throws OxhostError `usage` that says why not.
 */
export async function checkResultsPlace(
  { journal, results }: Places,
  input: string,
): Promise<void> {
  const problem = await problemOfResults(results, journal, input);
  if (problem === undefined) return;
  throw new OxhostError('usage', `The results cannot go to ${results}: ${problem}.`, {
    hint: 'Name another file with --results.',
    outcome: 'not_created',
  });
}

async function problemOfResults(
  results: string,
  journal: string,
  input: string,
): Promise<string | undefined> {
  const folder = dirname(results);
  const isInJournal = resolve(folder) === resolve(journal);
  if (isInJournal && [JOURNAL_NAME, 'lock', 'unknown.csv'].includes(basename(results))) {
    return 'the import needs that name for itself';
  }
  try {
    const found = await lstat(results).catch(() => undefined);
    if (found === undefined) {
      // The journal's folder is made later.
      if (!isInJournal) await access(folder, constants.W_OK);
      return undefined;
    }
    if (!found.isFile()) return 'it is not a regular file';
    const own = await stat(input).catch(() => undefined);
    if (own?.dev === found.dev && own.ino === found.ino) return 'it is the file to be imported';
    const isForeign = found.size > 0 && !isResultsBeginning(await readFile(results, 'utf8'));
    return isForeign ? 'there is a file that oxhost did not write' : undefined;
  } catch (error) {
    return meaningOf(error);
  }
}
