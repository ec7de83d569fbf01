import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import { cancelled } from './first-pass.ts';
import { type Input, openFile, openStandardInput } from './input.ts';
import { prepareFolder } from './journal/folder.ts';
import { describeMapping, type Mapping, mapColumns } from './mapping.ts';
import { checkResultsPlace, choosePlaces, type Places } from './places.ts';
import { inspectInput } from './reader/read.ts';
import type { InputFormat, InputShape } from './reader/row.ts';
import type { ImportSettings } from './settings.ts';

/** Files and folders of a run. */
export interface Opened {
  readonly input: Input;
  readonly places: Places;
}

/**
 * Finds the input and the places of what is kept; standard input is copied into the journal's
 * folder, for a dry run into one that goes with `dispose`.
 * @throws OxhostError, InputError, JournalFolderError
 */
export async function openPlaces(context: Context, settings: ImportSettings): Promise<Opened> {
  const { system } = context;
  const { operand, dryRun } = settings;
  const places = choosePlaces(await withTrialJournal(context, settings));
  if (operand !== '-') {
    const input = await openFile(operand);
    await checkResultsPlace(places, operand);
    return { input, places };
  }
  await checkResultsPlace(places, operand);
  if (!dryRun) {
    const folder = await prepareFolder(places.journal, system.platform, system.userId());
    return { input: await openStandardInput(context, folder), places };
  }
  const folder = await temporaryFolder(context);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    return { input: { ...(await openStandardInput(context, folder)), dispose: remove }, places };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * An embedded sandbox is another server each time, and what it created is gone with it. Beside the
 * file its journal would only stand in the way of the real import.
 */
async function withTrialJournal(
  context: Context,
  settings: ImportSettings,
): Promise<Pick<ImportSettings, 'operand' | 'journal' | 'results'>> {
  const { operand, journal, results, dryRun } = settings;
  const isTrial = context.settings.sandbox && !dryRun && journal === undefined && operand !== '-';
  if (!isTrial) return { operand, journal, results };
  const folder = await temporaryFolder(context);
  return { operand, results, journal: join(folder, `${basename(operand)}.oxhost`) };
}

function temporaryFolder({ system }: Pick<Context, 'system'>): Promise<string> {
  return mkdtemp(join(system.env['TMPDIR'] ?? tmpdir(), 'oxhost-'));
}

/** @throws InputError; OxhostError `usage` for columns that cannot be told. */
export async function findColumns(
  context: Context,
  input: Input,
  settings: ImportSettings,
): Promise<{ shape: InputShape; mapping: Mapping }> {
  const { format, overrides, generatePasswords } = settings;
  const shape = await inspect(context, input, format);
  const names = shape.delimiter === undefined ? 'keys' : 'header';
  const mapping = mapColumns(shape.columns, overrides, names);
  if (shape.columns.length === 0) return { shape, mapping };
  const problems: FieldMessage[] = mapping.problems.map(({ message, hint }) => ({
    name: 'map',
    message: `${message}. ${hint}`,
  }));
  if (mapping.password === undefined && !generatePasswords) {
    const known = mapping.problems.some(({ field }) => field === 'password');
    if (!known) {
      problems.push({
        name: 'map',
        message:
          'no column holds the password. Add --generate-passwords, or name the column: --map password=Column',
      });
    }
  }
  if (problems.length > 0) {
    throw columnsError(problems, mapping);
  }
  context.output.note('mapping', `Columns: ${describeMapping(mapping).join('; ')}`, true);
  return { shape, mapping };
}

async function inspect(
  { signal }: Pick<Context, 'signal'>,
  input: Input,
  format: InputFormat | undefined,
): Promise<InputShape> {
  try {
    return await inspectInput(input.path, { signal, ...(format !== undefined && { format }) });
  } catch (error) {
    throw signal.aborted ? cancelled(signal) : error;
  }
}

/** Cells of a line that may be no header are not shown: they can be passwords. */
function columnsError(fields: readonly FieldMessage[], { isHeader }: Mapping): OxhostError {
  const what = isHeader
    ? 'the columns of the file are not clear'
    : 'the first line does not look like names of columns';
  return new OxhostError('usage', `Nothing was sent: ${what}.`, {
    fields,
    outcome: 'not_created',
    ...(!isHeader && { hint: 'It must name them, for example: name,login,email,password' }),
  });
}
