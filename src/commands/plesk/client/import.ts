import type { Context } from '../../../context.ts';
import { INPUT_FORMATS } from '../../../import/reader/record.ts';
import {
  CONCURRENCY,
  type ImportOptions,
  MAX_ERRORS,
  resolveImport,
} from '../../../import/settings.ts';
import { PASSWORD_LENGTH } from '../../../plesk/limits.ts';
import type { NumberRange } from '../../../settings.ts';
import {
  ChoiceOption,
  type DescribedCommand,
  ListOption,
  NumberOption,
  type Start,
} from '../../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.exitCodes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 130, 143];
  command
    .argument('<file>', 'CSV, TSV, NDJSON or a JSON array; - for standard input')
    .addOption(
      new ChoiceOption(
        '--format <kind>',
        'csv, tsv, ndjson or json, where it is not clear',
        INPUT_FORMATS,
      ),
    )
    .addOption(new ListOption('--map <field=Column>', 'the column of a field'))
    .option('--generate-passwords', 'make one where it is missing, a hash or a mask')
    .addOption(
      new NumberOption(
        '--password-length <n>',
        `its length, ${bounds(PASSWORD_LENGTH)}`,
        PASSWORD_LENGTH,
      ),
    )
    .addOption(
      new NumberOption(
        '--concurrency <n>',
        `requests at once, ${bounds(CONCURRENCY)}`,
        CONCURRENCY,
      ),
    )
    .option('--rate <n/s>', 'at most so many requests a second')
    .option('--journal <folder>', 'what makes a run continue (<file>.oxhost)')
    .option('--results <file>', "every row's state, .csv or .ndjson")
    .option('--dry-run', 'show what would happen to each row; send nothing')
    .option('--skip-invalid', 'leave bad rows out instead of stopping')
    .option('--retry-unknown', 'send rows once more whose outcome is unknown')
    .option('--retry-rejected', 'send rows once more that were refused')
    .addOption(
      new NumberOption('--max-errors <n>', 'stop after so many rows that failed', MAX_ERRORS),
    )
    .option('--same-account', 'another key than the journal knows is of the same account')
    .addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: ImportOptions,
  [file = '']: readonly string[],
): Promise<number> {
  const settings = resolveImport(file, options);
  const { importClients } = await import('../../../import/import-clients.ts');
  return importClients(context, settings);
}

function bounds({ minimum, maximum }: NumberRange): string {
  return `${minimum} to ${maximum}`;
}

const HELP = `
The whole file is read (up to 100 MiB) and checked before the first request; bad
rows are listed by their lines. Columns are recognised by their names (name, or
first and last name; login or username; email; password; company), or by --map.

One file, one command, until it says that all is done: run it again after any
end. Created rows are skipped, fixed and added rows are taken, and no client is
created twice. Rows whose outcome is unknown are not sent again: look for them
in the panel and write yes or no into unknown.csv in the journal's folder.

The results (<file>.oxhost/results.csv) have every row's state and the generated
passwords. Ctrl-C, or a terminal that is closed, waits for the answers that are
under way; a second Ctrl-C leaves at once.

Output with --json: one line for each row handled, as it settles
  {"row","login","status","id","plesk_client_id","error"}
  status: created, already_exists, rejected, unknown, not_sent, invalid
  and {"summary":{...}} on stderr; --dry-run: {"row","login","plan","reason"}

Exit codes: 0 all created, 3 some rows were not, 8 some are unknown, 2 usage or
bad rows, 4 key, 5 refused for a reason that is no row's own, 7 no connection,
9 rate limited, 1 disk, 130 Ctrl-C

Examples:
  $ oxhost plesk client import clients.csv --dry-run
  $ oxhost plesk client import clients.csv --generate-passwords
  $ oxhost plesk client import clients.csv --map login=Username --rate 5/s
  $ mysql-export | oxhost plesk client import - --journal moved --format csv`;
