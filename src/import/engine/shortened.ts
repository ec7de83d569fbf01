import { shorten } from '../../output/sanitize.ts';
import type { Meaning } from './meaning.ts';

/** Characters of an error or a warning. */
const LONGEST_MESSAGE = 2_000;
/** Characters of an id or a login: far more than any real one has. */
const LONGEST_NAME = 1_000;

const NAMES = ['id', 'plesk_client_id', 'echoed_login'] as const;

/**
 * The meaning with texts that surely fit into a line of the journal, however much the server said.
 * What is cut ends in an ellipsis; of a cut id or login, which is of no use, there is a warning.
 * Secrets have to be masked before, while they are whole. Pure.
 */
export function shortened(meaning: Meaning): Meaning {
  const { outcome, warnings } = meaning;
  const { error } = outcome;
  const short = { ...outcome };
  const cut: Meaning['warnings'][number][] = [];
  for (const name of NAMES) {
    const text = outcome[name];
    if (text === undefined || text.length <= LONGEST_NAME) continue;
    short[name] = shorten(text, LONGEST_NAME);
    cut.push({
      code: 'answer_shortened',
      message: `The server gave ${WORDS[name]} of ${text.length} characters; only its beginning is kept.`,
    });
  }
  if (error !== undefined) short.error = { ...error, message: shortMessage(error.message) };
  const all = warnings.map(({ code, message }) => ({ code, message: shortMessage(message) }));
  return { ...meaning, outcome: short, warnings: [...all, ...cut] };
}

const WORDS = { id: 'an id', plesk_client_id: 'a plesk_client_id', echoed_login: 'a login' };

function shortMessage(message: string): string {
  return shorten(message, LONGEST_MESSAGE);
}
