import { domainToASCII } from 'node:url';

const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;
/** ASCII that is in no domain; letters of other scripts are for the server to judge. */
const FOREIGN = /[\p{Z}\x21-\x2c/\x3a-\x40\x5b-\x5e\x60\x7b-\x7e]/u;

/** What is certainly wrong with a whole domain, behind its field's name, or null. Pure. */
export function domainProblem(name: string): string | null {
  const problem = labelsProblem(name);
  if (problem !== null) return problem;
  return name.includes('.') ? null : 'must have a dot, such as example.com';
}

/**
 * The same of a part of one: a name without its suffix, or a suffix. Lengths are those of RFC 1035
 * section 2.3.4, in the letters that are sent to name servers (RFC 3490).
 */
export function labelsProblem(name: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
    return 'must be a domain alone, without anything like http:// before it';
  }
  if (FOREIGN.test(name)) return 'must have only letters, digits, hyphens and dots';
  const labels = (domainToASCII(name) || name).split('.');
  if (name.split('.').some((label) => label === '')) {
    return 'must not begin or end with a dot or have two on end';
  }
  if (labels.some((label) => label.length > LONGEST_LABEL)) {
    return `must not have more than ${LONGEST_LABEL} characters between two dots`;
  }
  return labels.join('.').length > LONGEST_NAME
    ? `must not be longer than ${LONGEST_NAME} characters`
    : null;
}
