import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import { withActivity } from '../output/progress.ts';
import { type CheckedFile, checkTable } from './check.ts';
import { countRows, findingText, formatCount } from './findings.ts';
import { describeMapping, type Mapping, mapColumns } from './mapping/mapping.ts';
import { readBytes } from './reader/bytes.ts';
import { type Table, titleOf, unreadable } from './reader/record.ts';
import { readTable } from './reader/table.ts';
import type { ImportSettings } from './settings.ts';

export interface Input {
  readonly name: string;
  readonly table: Table;
  readonly mapping: Mapping;
}

/**
 * Reads the file, or standard input, whole, and finds the columns of the fields.
 * @throws OxhostError `invalid_input` for what is no list, `usage` for columns that are not clear.
 */
export async function readInput(context: Context, settings: ImportSettings): Promise<Input> {
  const { output, system } = context;
  const { operand, format, overrides, generatePasswords } = settings;
  const name = titleOf(operand);
  const bytes = await withActivity(context, `Reading ${name}`, () => readBytes(context, operand));
  const table = readTable(bytes, { operand, format });
  const mapping = mapColumns(table.columns, overrides, table.hasHeader);
  // Lines of which none is JSON have no columns either: the check says what they are.
  const { length } = table.columns;
  if (length === 0 && table.hasHeader) throw noRows(name, table);
  if (length > 0) refuseUnclear(mapping, generatePasswords);
  const isShown = system.stderr.isTTY === true || settings.dryRun || context.settings.debug;
  if (isShown && length > 0)
    output.note('mapping', `Columns: ${describeMapping(mapping).join('; ')}`);
  return { name, table, mapping };
}

/**
 * Checks every row of it.
 * @throws OxhostError `invalid_input` where there is none, `cancelled` on a signal.
 */
export async function checkInput(
  context: Context,
  { name, table, mapping }: Input,
  { generatePasswords }: ImportSettings,
): Promise<CheckedFile> {
  const { signal } = context;
  const file = await withActivity(context, `Checking ${name}`, () =>
    checkTable(table, { mapping, generatePasswords, signal }),
  );
  if (file.rows.length + file.bad.length === 0) throw noRows(name, table);
  return file;
}

/** Cells of a line that may be no header are not shown: they can be passwords. */
function refuseUnclear(mapping: Mapping, generatePasswords: boolean): void {
  const fields: FieldMessage[] = mapping.problems.map(({ message }) => ({ name: 'map', message }));
  const isPasswordKnown = mapping.problems.some(({ field }) => field === 'password');
  if (mapping.password === undefined && !generatePasswords && !isPasswordKnown) {
    const message =
      'no column holds the password. Add --generate-passwords, or name the column: --map password=Column';
    fields.push({ name: 'map', message });
  }
  if (fields.length === 0) return;
  const what = mapping.isHeader
    ? 'the columns of the file are not clear'
    : 'the first line does not look like names of columns';
  throw new OxhostError('usage', `Nothing was sent: ${what}.`, {
    fields,
    outcome: 'not_created',
    ...(!mapping.isHeader && {
      hint: 'It must name them, for example: name,login,email,password',
    }),
  });
}

/** A file without a client in it is more likely a mistake than a wish. */
function noRows(name: string, { hasHeader }: Table): OxhostError {
  const hint =
    'The first line must name the columns, for example name,login,email,password; each client has a line below it.';
  return unreadable(`Nothing was sent: ${name} holds no clients.`, hasHeader ? hint : undefined);
}

/** The error that a file with bad rows ends in, unless these are to be left out. */
export function badRowsError({ rows, bad, problems }: CheckedFile): OxhostError {
  const lacksPasswords = problems.some(({ message }) =>
    /^password is (?:missing|a hash|a mask)/.test(message),
  );
  const more = lacksPasswords ? '; --generate-passwords makes passwords for rows without one' : '';
  return new OxhostError(
    'invalid_input',
    `Nothing was sent: ${formatCount(bad.length)} of ${countRows(rows.length + bad.length)} cannot be used.`,
    {
      fields: problems.map((problem) => ({
        name: problem.message.split(' ')[0] ?? '',
        message: findingText(problem),
        isOption: false,
      })),
      outcome: 'not_created',
      hint: `Fix them in the file (--dry-run lists every one), or leave them out with --skip-invalid${more}.`,
    },
  );
}
