import type { JsonObject, Operation } from '../api/operation.ts';
import type { CallOptions } from '../call/flags.ts';
import type { NextStep } from '../call/record.ts';
import { OxhostError } from '../errors.ts';
import { dashError } from '../help/usage.ts';
import { wrap } from '../output/wrap.ts';
import { addOperationOptions, type Register } from './options.ts';

/** What a command's help says that does not follow from its operation. */
export interface OperationHelp {
  /** What `--force` does, where the operation's check can be overruled. */
  force?: string;
  /** What to do after a success, for a person at a terminal. */
  next?: (result: JsonObject) => readonly NextStep[];
  /** A paragraph, in lines of at most 80. */
  notes?: string;
  /** Command lines as a person types them, without the prompt. */
  examples: readonly string[];
}

const WIDTH = 80;

/** The whole of a command that is one operation; what it needs beyond that is its own plain code. */
export function registerOperation(operation: Operation, help: OperationHelp): Register {
  return (command, start) => {
    addOperationOptions(command, operation);
    if (help.force !== undefined) command.option('--force', help.force);
    // One operand too many is most often a value whose flag was left out.
    command.allowExcessArguments(true).addHelpText('after', helpOf(operation, help));
    start(command, async (context, options: CallOptions, operands) => {
      refuseExcess(operation, command.name(), operands);
      const { runOperation } = await import('../call/run.ts');
      await runOperation(context, operation, options, operands, help.next);
    });
  };
}

/** @throws OxhostError `usage` that names the flags; a value may be a secret and is not repeated. */
function refuseExcess({ fields }: Operation, name: string, operands: readonly string[]): void {
  const count = operands.length;
  const most = fields.filter(({ isOperand }) => isOperand === true).length;
  if (count <= most) return;
  const dash = dashError(operands);
  if (dash !== null) throw dash;
  const flags = fields
    .filter(({ required, secret, isOperand }) => required && !secret && isOperand !== true)
    .sort((a, b) => Number(a.remembered === 'user') - Number(b.remembered === 'user'))
    .map(({ flag, valueName }) => `--${flag} <${valueName}>`);
  const [first, ...others] = flags;
  const takes = most === 0 ? 'options only' : `one value and got ${count}`;
  const further = others.length === 0 ? '' : ` Further options: ${others.join(', ')}.`;
  throw new OxhostError(
    'usage',
    `${name} takes ${takes}; a value with spaces needs quotes around it.`,
    { ...(first === undefined ? {} : { hint: `Did you mean ${first}?${further}` }) },
  );
}

function helpOf(operation: Operation, { notes, examples }: OperationHelp): string {
  const paragraphs = [
    EFFECTS[operation.effect],
    ...(notes === undefined ? [] : [notes]),
    outputOf(operation),
    foldCodes(exitCodes(operation)),
    ['Examples:', ...examples.map((line) => `  $ ${line.replaceAll('\n', '\n      ')}`)].join('\n'),
  ];
  return `\n${paragraphs.join('\n\n')}`;
}

const EFFECTS: Readonly<Record<Operation['effect'], string>> = {
  read: 'Only reads, so it is repeated when no usable answer comes (--retries).',
  create: 'Sent once.',
  change: 'Sent once.',
  buy: `Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once; if no usable answer came, the same command
is refused until you have looked in the panel and said what is there:
oxhost history settle.`,
};

/** No line ends between a code and its meaning. */
function foldCodes(codes: readonly string[]): string {
  const joined = codes.map((code) => code.replace(' ', '\u00a0')).join(', ');
  return wrap(`Exit codes: ${joined}`, WIDTH).replaceAll('\u00a0', ' ');
}

function outputOf({ resultFields, givesList, fields }: Operation): string {
  const names = `{${resultFields.map((name) => `"${name}"`).join(', ')}}`;
  const line = `Output with --json: ${givesList === true ? `[${names}]` : names}`;
  const secret = fields.find((field) => field.secret);
  return secret === undefined
    ? wrap(line, WIDTH)
    : wrap(`${line}, and "generated_${secret.name}" with a generated password`, WIDTH);
}

function exitCodes({ effect, words, fields }: Operation): string[] {
  const isRead = effect === 'read';
  const isPaid = fields.some(({ name }) => name === 'type_payment');
  return [
    `0 ${words.done}`,
    isRead ? '1 no usable answer' : '1 other failure',
    effect === 'buy' ? '2 usage or --yes missing' : '2 usage',
    '4 key',
    isPaid ? '5 refused (402: the balance is too low)' : '5 refused',
    ...(effect === 'change' ? [] : ['6 exists already']),
    isRead ? '7 no answer (safe to repeat)' : '7 nothing was sent',
    ...(isRead ? [] : ['8 unknown (look in the panel before you repeat it)']),
    '9 rate limited',
    '130 Ctrl-C',
    '143 SIGTERM',
  ];
}
