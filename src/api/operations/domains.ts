import { domainToASCII } from 'node:url';
import { field, membersOf, operation } from '../operation.ts';
import { user } from './account.ts';

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

/** Behind www there is a domain more often than a suffix. */
const WWW = /^www\.[^.]+\../i;
const SUBDOMAIN = 'must be a domain alone, without a sub-domain such as www';
const OTHER_SUFFIX = 'must not have another suffix than those of --suffix';

/** What is behind the first dot, or undefined. */
function suffixOf(domain: string): string | undefined {
  return WWW.test(domain) ? undefined : /^[^.]+\.(.+)$/.exec(domain)?.[1];
}

/** The reference's examples have no dot before a suffix, though one of its tables has. */
function withoutDot(suffix: string): string {
  return suffix.trim().replace(/^\./, '');
}

function endsWithSuffix(domain: string, suffix: string): boolean {
  return domain.toLowerCase().endsWith(`.${suffix.toLowerCase()}`);
}

/** `POST /API/domains/check_availability` of the API reference. */
export const checkDomain = operation({
  command: 'domain check',
  thing: 'availability',
  verbs: ['check', 'checked', 'Checking'],
  preposition: 'of',
  path: '/API/domains/check_availability',
  effect: 'read',
  identity: ['query'],
  fields: [
    field('query', 'name', 'name to check', {
      ...{ question: 'Name to check, without suffix', valueName: 'name', isOperand: true },
      check: labelsProblem,
    }),
    field('suffixes', 'suffix', 'suffix to check, such as com; may be repeated', {
      ...{ question: 'Suffixes, such as com', valueName: 'suffix', kind: 'list' },
      ...{ derivedFrom: 'query', check: labelsProblem },
    }),
  ],
  complete(values) {
    const { query = '', suffixes } = values;
    const own = suffixOf(query);
    if (suffixes === undefined) {
      if (own === undefined) return { ...values };
      return { ...values, query: query.slice(0, -own.length - 1), suffixes: own };
    }
    const members = membersOf(suffixes).map(withoutDot);
    const given = members.find((suffix) => suffix !== '' && endsWithSuffix(query, suffix));
    const name = given === undefined ? query : query.slice(0, -given.length - 1);
    return { ...values, ...(query === '' ? {} : { query: name }), suffixes: members.join(',') };
  },
  check: ({ query = '' }) => ({
    problems: query.includes('.')
      ? [{ name: 'query', message: WWW.test(query) ? SUBDOMAIN : OTHER_SUFFIX }]
      : [],
    warnings: [],
  }),
  answer: {
    in: 'list',
    members: ['domain', 'available', 'status', 'premium', 'message'],
    asked: ({ query, suffixes }) =>
      membersOf(String(suffixes)).map((suffix) => `${query}.${withoutDot(suffix)}`),
  },
});

/** `POST /API/orders/create_order` of the API reference; form-encoded, unlike all others. */
export const orderDomain = operation({
  command: 'domain order',
  thing: 'domain order',
  verbs: ['place', 'placed', 'Placing'],
  doubt: 'the order may or may not have been placed',
  preposition: 'for',
  path: '/API/orders/create_order',
  encoding: 'form',
  effect: 'buy',
  identity: ['domain_name'],
  fields: [
    user,
    field('domain_name', 'domain', 'domain to register, such as example.com', {
      ...{ question: 'Domain to register', valueName: 'name', check: domainProblem },
    }),
    field('password', 'password', 'account password', {
      ...{ required: false, secret: true, valueName: 'value', variable: 'OXHOST_PASSWORD' },
    }),
    field('domain_suffix', 'suffix', "suffix without a dot (the domain's own)", {
      ...{ question: 'Suffix, such as com', valueName: 'suffix' },
      ...{ check: labelsProblem, derivedFrom: 'domain_name' },
    }),
    field('vyear', 'years', 'term in years', {
      ...{ question: 'Years', kind: 'integer', minimum: 1, maximum: 10 },
    }),
  ],
  complete(values) {
    const suffix = values['domain_suffix'] ?? suffixOf(values['domain_name'] ?? '');
    return suffix === undefined ? { ...values } : { ...values, domain_suffix: withoutDot(suffix) };
  },
  check: ({ domain_name: name = '', domain_suffix: suffix }) => ({
    problems: [
      ...(WWW.test(name) ? [{ name: 'domain_name', message: SUBDOMAIN }] : []),
      ...(name !== '' && suffix !== undefined && !endsWithSuffix(name, suffix)
        ? [{ name: 'domain_suffix', message: 'must be what the domain ends with' }]
        : []),
    ],
    warnings: [],
  }),
  answer: {
    in: 'data',
    members: ['id', 'status', 'metadata', 'amount', 'currency'],
    extra: ['domain'],
    proof: ['id', 'order_id', 'order.id', 'address'],
    expected: ['id', 'status', 'amount'],
    ids: { order_id: 'id' },
  },
});
