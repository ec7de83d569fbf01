import type { CommanderError } from 'commander';
import { OxhostError } from '../errors.ts';
import { HELP_TOPICS } from './reference.ts';
import { commandHint, wordWithOtherDash } from './suggestions.ts';

/**
 * commander's complaint in our words; no value is repeated.
 * @param args the whole command line.
 * @param commands every command's path.
 */
export function usageError(
  error: CommanderError,
  args: readonly string[],
  commands: readonly string[],
): OxhostError {
  const dash = dashError(args);
  if (dash !== null) return dash;
  if (error.code === 'oxhost.apiKeyFlag') {
    return new OxhostError(
      'usage',
      'There is no --api-key flag: other users of this machine could read the key.',
      {
        hint: 'Use oxhost auth login (or auth login --key-stdin), OXHOST_API_KEY or OXHOST_KEY_COMMAND.',
      },
    );
  }
  const [complaint = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  // There is only a switch without the no.
  if (error.code === 'oxhost.unknownNegation') {
    const positive = /--no-([^']*)/.exec(complaint)?.[1] ?? '';
    return new OxhostError('usage', inOurWords(complaint), {
      hint: `--${positive} is off unless it is given; leave it out.`,
    });
  }
  if (error.code === 'commander.unknownCommand') {
    const words = wordsOf(args);
    const meant = commandHint(words[0] === 'help' ? words.slice(1) : words, commands);
    if (meant !== null) return new OxhostError('usage', inOurWords(complaint), { hint: meant });
  }
  const similar = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  return new OxhostError('usage', inOurWords(complaint), {
    hint:
      similar === undefined
        ? wordsOf(args)[0] === 'help'
          ? `There is help on every command, and on ${HELP_TOPICS.join(', ')}.`
          : 'Add --help to see what there is.'
        : `Did you mean ${similar.replace(/^one of /, '')}?`,
  });
}

/** The error for an option whose dash a document has changed, or null. */
export function dashError(args: readonly string[]): OxhostError | null {
  const found = wordWithOtherDash(args);
  if (found === null) return null;
  return new OxhostError(
    'usage',
    `${found.word} begins with a typographic dash, as pasted from a document.`,
    { hint: `Type ${found.meant} instead.` },
  );
}

/** The words of the command, as far as one can tell without knowing the options. */
function wordsOf(args: readonly string[]): readonly string[] {
  const first = args.findIndex((word) => !word.startsWith('-'));
  if (first === -1) return [];
  const end = args.findIndex((word, index) => index > first && word.startsWith('-'));
  return args.slice(first, end === -1 ? undefined : end);
}

const WORDINGS: readonly (readonly [pattern: RegExp, wording: string])[] = [
  [/^unknown option '(.*)'$/s, 'Unknown option $1.'],
  [/^unknown command '(.*)'$/s, 'Unknown command $1.'],
  [/^option '(?:-\w, )?(\S+) <(.*)>' argument missing$/, '$1 needs a value: $1 <$2>.'],
  [/^missing required argument '(.*)'$/, 'The command needs a value for <$1>.'],
  [
    /^too many arguments for '(.*)'\. Expected 0 .* but got \d+\.$/,
    '$1 takes options only; a value with spaces needs quotes around it.',
  ],
  [
    /^too many arguments for '(.*)'\. Expected (\d+) .* but got (\d+)\.$/,
    '$1 takes one value and got $3; a value with spaces needs quotes around it.',
  ],
];

function inOurWords(complaint: string): string {
  for (const [pattern, wording] of WORDINGS) {
    if (pattern.test(complaint)) return complaint.replace(pattern, wording);
  }
  return `${complaint.charAt(0).toUpperCase()}${complaint.slice(1).replace(/\.$/, '')}.`;
}
