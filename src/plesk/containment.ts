import { countCodePoints, isBlank } from './characters.ts';

/** Far above any password that Plesk takes; it bounds the search where both values are huge. */
const SEARCHED_LENGTH = 4096;

/** Names shorter than this many code points turn up in any password by chance. */
export const SHORTEST_TELLING_NAME = 3;

/** Whether the password contains the login as it is written, only in another case, or not at all. */
export function containsLogin(password: string, login: string): 'exactly' | 'in_other_case' | 'no' {
  if (isBlank(login)) return 'no';
  const searched = password.slice(0, SEARCHED_LENGTH);
  if (searched.includes(login)) return 'exactly';
  return containsIgnoringCase(searched, login) ? 'in_other_case' : 'no';
}

/**
 * Whether the password contains, in any case, the part of an e-mail address before the `@`. Parts
 * of fewer than three characters do not count.
 */
export function containsEmailName(password: string, email: string): boolean {
  const name = emailName(email);
  return (
    countCodePoints(name) >= SHORTEST_TELLING_NAME &&
    containsIgnoringCase(password.slice(0, SEARCHED_LENGTH), name)
  );
}

/** The part of an e-mail address before its first `@`; empty where there is none. */
export function emailName(email: string): string {
  return email.slice(0, Math.max(email.indexOf('@'), 0));
}

export function containsIgnoringCase(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
