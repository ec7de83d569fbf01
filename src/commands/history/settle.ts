import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { History, OpenAttempt } from '../../store/history.ts';
import { ChoiceOption, type CommandHelp, type DescribedCommand, type Start } from '../options.ts';

/** Flags of `oxhost history settle`. */
export interface SettleOptions {
  exists?: string;
}

const ANSWERS = ['yes', 'no'] as const;

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command
    .argument('<number>', 'its number in oxhost history')
    .addOption(
      new ChoiceOption('--exists <answer>', 'whether it is there in the panel: yes or no', ANSWERS),
    );
  start(command, (context, options: SettleOptions, [number = '']) => run(context, options, number));
}

export async function run(
  context: Context,
  { exists }: SettleOptions,
  operand: string,
): Promise<void> {
  const { output, settings, system } = context;
  const { openHistory } = await import('../../store/history.ts');
  const history = openHistory(system);
  const attempt = await findOpen(history, operand);
  const answer = exists ?? (await ask(context, attempt));
  const isThere = answer === 'yes';
  const { file: _file, answer: _said, fields: _fields, ...known } = attempt;
  if (isThere && known.generated_password !== undefined && output.reachesNobody) {
    throw new OxhostError(
      'usage',
      'Standard output leads nowhere, and the kept password would be lost.',
      { hint: 'Run it again where the result can be seen or is kept.' },
    );
  }
  const chosen = settings.get === null ? settings.fields : [settings.get];
  if (
    isThere &&
    known.generated_password !== undefined &&
    chosen?.includes('generated_password') === false
  ) {
    throw new OxhostError(
      'usage',
      `${settings.get === null ? '--fields' : '--get'} leaves out generated_password, which would be lost.`,
      { hint: 'Add generated_password, or leave the option out.' },
    );
  }
  // The password is out before its file goes.
  await output.record({ ...known, state: isThere ? 'created' : 'closed' });
  await history.settle(attempt.number, isThere);
}

async function findOpen(history: History, operand: string): Promise<OpenAttempt> {
  const number = /^\d+$/.test(operand) ? Number(operand) : Number.NaN;
  const { entries } = await history.list();
  const entry = entries.find((candidate) => candidate.number === number);
  if (entry !== undefined && 'file' in entry) {
    if (entry.state !== 'damaged') return entry;
    throw new OxhostError('config_error', `${entry.file} cannot be read, so it is left alone.`, {
      hint: 'Look in the panel for what it may have been about, then delete the file yourself.',
    });
  }
  const what = entry === undefined ? 'The history has no number' : 'Nothing is open of number';
  throw new OxhostError('usage', `${what} ${operand}.`, {
    hint: 'oxhost history --unknown lists what is open.',
  });
}

async function ask(context: Context, { operation, login, domain }: OpenAttempt): Promise<string> {
  if (!context.mayAsk) {
    throw new OxhostError(
      'missing_input',
      'Whether it is there was not said: --exists is missing.',
      {
        fields: [{ name: 'exists', message: 'is missing' }],
      },
    );
  }
  const prompter = await context.prompter();
  const what = login ?? domain ?? operation;
  return prompter.select(`Is ${what} there in the panel?`, ANSWERS);
}

const ABOUT: CommandHelp = {
  notes: `Your word on an attempt whose end is not known, after a look in the panel. With
yes it is noted as created, and a kept password is shown; with no it is closed,
and the same command may be given again.`,
  output: `{"number", "time", "operation", "origin", "login", "domain", "ids", "state"},
and "generated_password" where one was kept; state: created or closed`,
  exitCodes: { 0: 'settled', 1: 'a local file', 2: 'usage' },
  examples: ['oxhost history settle 12 --exists yes', 'oxhost history settle 12 --exists no'],
  reach: ['json', 'result', 'question'],
};
