import type { CommanderError } from 'commander';
import { OxhostError } from '../errors.ts';
import { HELP_TOPICS } from './topics.ts';

/**
 * commander's complaint in our words; no value is repeated.
 * @param isHelp whether `oxhost help` was asked, which also knows topics.
 */
export function usageError(error: CommanderError, isHelp = false): OxhostError {
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
  const similar = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  return new OxhostError('usage', inOurWords(complaint), {
    hint:
      similar === undefined
        ? isHelp
          ? `There is help on every command, and on ${HELP_TOPICS.join(', ')}.`
          : 'Add --help to see what there is.'
        : `Did you mean ${similar.replace(/^one of /, '')}?`,
  });
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
    '$1 takes no more than $2 of these, but got $3; a value with spaces needs quotes around it.',
  ],
];

function inOurWords(complaint: string): string {
  for (const [pattern, wording] of WORDINGS) {
    if (pattern.test(complaint)) return complaint.replace(pattern, wording);
  }
  return `${complaint.charAt(0).toUpperCase()}${complaint.slice(1).replace(/\.$/, '')}.`;
}
