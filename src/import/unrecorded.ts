import type { RowReport, RowStatus } from './contract.ts';

const WORDS: Readonly<Record<RowStatus, string | null>> = {
  created: 'was created',
  already_exists: 'exists already',
  rejected: 'was refused and not created',
  not_sent: 'was not created',
  // Nothing is known that the next run would not know.
  unknown: null,
  invalid: null,
};

/** What this run alone knows of a row, since the journal could not take it; else null. Pure. */
export function unrecordedText({
  login,
  status,
  id,
}: Pick<RowReport, 'login' | 'status' | 'id'>): string | null {
  const words = WORDS[status];
  if (words === null) return null;
  const which = id === null ? '' : ` (id ${id})`;
  return `${login} ${words}${which}, but that could not be recorded; the next run will call it unknown.`;
}
