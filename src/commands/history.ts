import type { Context } from '../context.ts';
import { type CommandHelp, type DescribedCommand, NumberOption, type Start } from './options.ts';

/** Flags of `oxhost history`. */
export interface HistoryOptions {
  login?: string;
  unknown?: boolean;
  limit?: number;
}

const LIMIT = { minimum: 1, maximum: 1_000_000, default: 50 } as const;

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command
    .option('--login <login>', 'only what was done for this login')
    .option('--unknown', 'only attempts whose end is not known')
    .addOption(new NumberOption('--limit <n>', 'this many at most', LIMIT));
  start(command, run);
}

export async function run(context: Context, options: HistoryOptions): Promise<void> {
  const { output, system } = context;
  const { openHistory } = await import('../store/history.ts');
  const limit = options.limit ?? LIMIT.default;
  const { entries, damagedLines } = await openHistory(system).list();
  const chosen = entries
    .filter(({ login }) => options.login === undefined || login === options.login)
    .filter(({ state }) => options.unknown !== true || state !== 'created')
    .slice(0, limit);
  if (damagedLines > 0) {
    output.warning(
      'history_damaged',
      `${damagedLines} of the history's lines cannot be read; they are left as they are.`,
    );
  }
  if (output.isJson) {
    const rows = chosen.map(
      ({ number, time, operation, origin, login = null, domain = null, ids = {}, state }) => ({
        ...{ number, time, operation, origin, login, domain, ids, state },
      }),
    );
    return output.list([], rows);
  }
  if (chosen.length === 0 && system.stdout.isTTY === true) {
    return output.note('history_empty', 'Nothing was created or bought here.');
  }
  const isTerminal = system.stdout.isTTY === true;
  const rows = chosen.map(({ number, time, operation, login, domain, ids = {}, state }) => ({
    number,
    time: isTerminal ? time.slice(0, 16).replace('T', ' ') : time,
    operation: operation || '?',
    for: login ?? domain ?? '',
    state,
    ...(isTerminal ? {} : { ids: Object.values(ids).join(' ') }),
  }));
  const columns = ['number', 'time', 'operation', 'for', 'state'];
  return output.list(isTerminal ? columns : [...columns, 'ids'], rows);
}

const ABOUT: CommandHelp = {
  notes: `Lists what this machine has created and bought, newest first, rows of imports
included, and attempts whose end is not known. The API cannot be asked, so an id
that is not here is lost. It is kept with the settings, for you alone, without
keys and without passwords that you gave. Not noted: --sandbox and oxhost api.`,
  output: `[{"number", "time", "operation", "origin", "login", "domain", "ids", "state"}];
state: created, unknown, or damaged (its file cannot be read)`,
  exitCodes: { 0: 'listed', 1: 'a local file', 2: 'usage' },
  examples: [
    'oxhost history',
    'oxhost history --unknown',
    "oxhost history --login client1 --json | jq -r '.[0].ids.client_id'",
  ],
};
