import { viewJournal } from '../../src/import/journal/open.ts';

/** Of a journal that no process has open; none if there is no journal. */
export async function unknownLogins(folder: string, origin: string): Promise<string[]> {
  const states = (await viewJournal(folder, origin))?.states ?? new Map();
  return [...states.values()].flatMap(({ login, status }) => (status === 'unknown' ? [login] : []));
}
