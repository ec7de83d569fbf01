import type { CommanderError } from 'commander';
import { OxhostError } from './errors.ts';

/** commander's complaint in our words; a value that came with an unknown flag is not repeated. */
export function usageError(error: CommanderError): OxhostError {
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
  const message = complaint.replace(/^(unknown option '[^=']*)=.*$/s, "$1'");
  const similar = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  return new OxhostError(
    'usage',
    `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`,
    {
      hint:
        similar === undefined
          ? 'Add --help to see what there is.'
          : `Did you mean ${similar.replace(/^one of /, '')}?`,
    },
  );
}
