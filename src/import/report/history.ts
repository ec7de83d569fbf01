import { createClient } from '../../api/operations/clients.ts';
import type { Context } from '../../context.ts';
import { describe } from '../../errors.ts';
import type { Journal } from '../journal/journal.ts';

/** Notes in the machine's history what was created since this was done last, by a killed run too. */
export async function noteInHistory(
  { system, settings, output }: Context,
  journal: Journal,
): Promise<void> {
  const made = [...journal.states.values()].filter(
    ({ status, isInHistory }) => status === 'created' && isInHistory !== true,
  );
  // An embedded sandbox is gone with the run; what cannot be recorded is noted by the next one.
  if (settings.sandbox || made.length === 0 || journal.failure !== undefined) return;
  try {
    const { openHistory } = await import('../../store/history.ts');
    await openHistory(system).addSettled(
      made.map(({ login, echoed_login: echoed = login, id, plesk_client_id: plesk, by_hand }) => ({
        operation: createClient.command,
        origin: journal.header.origin,
        login: echoed,
        ids: {
          ...(id !== undefined && { id }),
          ...(plesk !== undefined && { plesk_client_id: plesk }),
        },
        ...(by_hand === true && { by_hand }),
      })),
    );
    await journal.rememberHistory();
  } catch (error) {
    output.warning('history', `The new clients are not in the history. ${describe(error)}`);
  }
}
