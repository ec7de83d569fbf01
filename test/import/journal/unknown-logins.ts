import { viewJournal } from '../../../src/import/journal/view.ts';

/** Of a journal that no process has open; none if there is no journal. */
export async function unknownLogins(folder: string, origin: string): Promise<string[]> {
  const view = await viewJournal(folder, origin);
  const logins: string[] = [];
  try {
    for await (const states of view?.finalStates() ?? []) {
      for (const { login, status } of states) if (status === 'unknown') logins.push(login);
    }
    return logins;
  } finally {
    await view?.close();
  }
}
