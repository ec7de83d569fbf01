import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { Journal, ReadJournal } from './journal/journal.ts';

const OTHER_KEY = 'This journal was used with another API key before';

/**
 * What a journal has as created exists in one account only, and with the key of another one would
 * be passed over. Keys of one account change, though, so a person can say that it is the same.
 *
 * @throws OxhostError `usage` when nobody says so.
 */
export async function checkApiKey(
  context: Pick<Context, 'access' | 'mayAsk' | 'output' | 'prompter'>,
  journal: Pick<Journal, 'path' | 'knowsKey' | 'rememberKey'>,
  isSameAccount: boolean,
): Promise<void> {
  const { key } = await context.access();
  const known = journal.knowsKey(key);
  if (known === true) return;
  if (known === false && !isSameAccount) await askForAccount(context, journal.path);
  await journal.rememberKey(key);
}

/** The same for those who only look, and need no key for that. */
export async function warnOfOtherKey(
  { access, output }: Pick<Context, 'access' | 'output'>,
  journal: Pick<ReadJournal, 'path' | 'knowsKey'>,
): Promise<void> {
  let key: string;
  try {
    ({ key } = await access());
  } catch (error) {
    if (error instanceof OxhostError && error.code === 'no_api_key') return;
    throw error;
  }
  if (journal.knowsKey(key) === false) output.warning('other_api_key', taken(journal.path));
}

function taken(path: string): string {
  return `${OTHER_KEY} (${path}); what it has as created is taken to be in this account.`;
}

async function askForAccount(
  { mayAsk, prompter }: Parameters<typeof checkApiKey>[0],
  path: string,
): Promise<void> {
  const question = `${OTHER_KEY}. Is today's key of the same account?`;
  if (mayAsk && (await (await prompter()).confirm(question))) return;
  throw new OxhostError('usage', `${OTHER_KEY}: ${path}.`, {
    hint: 'If only the key is new, run this again with --same-account. If it is another account, name a new folder with --journal: the clients in this one are not in yours.',
    outcome: 'not_created',
  });
}
