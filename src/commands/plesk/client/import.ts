import type { Context } from '../../../context.ts';
import { INPUT_FORMATS } from '../../../import/reader/record.ts';
import {
  CONCURRENCY,
  type ImportOptions,
  MAX_ERRORS,
  resolveImport,
} from '../../../import/settings.ts';
import { PASSWORD_LENGTH } from '../../../plesk/rules.ts';
import type { NumberRange } from '../../../settings.ts';
import {
  ChoiceOption,
  type CommandHelp,
  type DescribedCommand,
  ListOption,
  NumberOption,
  type Start,
} from '../../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
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
    .option('--same-account', 'another key than the journal knows is of the same account');
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

const ABOUT: CommandHelp = {
  notes: `The whole file is read (up to 100 MiB) and checked before the first request; bad
rows are listed by their lines. Columns are recognised by their names (name, or
first and last name; login or username; email; password; company), or by --map.

One file, one command, until it says that all is done: run it again after any
end. Created rows are skipped, fixed and added rows are taken, and no client is
created twice. More is in oxhost help import.`,
  output: `{"row", "login", "status", "id", "plesk_client_id", "error"} for each row
handled, as it settles, and {"summary":{...}} on stderr; status: created,
already_exists, rejected, unknown, not_sent, invalid; --dry-run:
{"row", "login", "plan", "reason"}`,
  exitCodes: {
    0: 'all created',
    1: 'disk',
    2: 'usage or bad rows',
    3: 'some rows were not created',
    4: 'key',
    5: "refused for a reason that is no row's own",
    7: 'no connection',
    8: 'some rows are unknown',
    9: 'rate limited',
  },
  examples: [
    'oxhost plesk client import clients.csv --dry-run',
    'oxhost plesk client import clients.csv --generate-passwords',
    'mysql-export | oxhost plesk client import - --journal moved --format csv',
  ],
  reach: ['json', 'question', 'consent', 'key', 'call'],
};
