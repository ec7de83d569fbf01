import { answering } from '../answer.ts';
import { domainProblem, labelsProblem } from '../domain-name.ts';
import { membersOf, type Operation } from '../operation.ts';
import { needed, optional } from '../shape.ts';
import { user } from './account.ts';

/** What is behind the first dot, or undefined. */
function suffixOf(domain: string): string | undefined {
  return /^[^.]+\.(.+)$/.exec(domain)?.[1];
}

/** The reference's examples have no dot before a suffix, though one of its tables has. */
function withoutDot(suffix: string): string {
  return suffix.trim().replace(/^\./, '');
}

function endsWithSuffix(domain: string, suffix: string): boolean {
  return domain.toLowerCase().endsWith(`.${suffix.toLowerCase()}`);
}

/** `POST /API/domains/check_availability` of the API reference. */
export const checkDomain: Operation = {
  words: {
    subject: 'the availability',
    verb: 'check',
    done: 'checked',
    doubt: 'nothing is known of the domain',
    activity: 'Checking the availability',
    which: ({ query }) => ` of ${query}`,
  },
  method: 'POST',
  path: '/API/domains/check_availability',
  encoding: 'json',
  effect: 'read',
  fields: [
    {
      name: 'query',
      flag: 'name',
      valueName: 'name',
      required: true,
      secret: false,
      question: 'Name to check, without suffix',
      help: 'name to check',
      isOperand: true,
      check: labelsProblem,
    },
    {
      name: 'suffixes',
      flag: 'suffix',
      valueName: 'suffix',
      required: true,
      secret: false,
      question: 'Suffixes, such as com',
      help: 'suffix to check, such as com; may be repeated',
      derivedFrom: 'query',
      kind: 'list',
      check: labelsProblem,
    },
  ],
  complete(values) {
    const { query = '', suffixes } = values;
    if (suffixes === undefined) {
      const suffix = suffixOf(query);
      return suffix === undefined
        ? { ...values }
        : { ...values, query: query.slice(0, query.indexOf('.')), suffixes: suffix };
    }
    const members = membersOf(suffixes).map(withoutDot);
    const own = members.find((suffix) => suffix !== '' && endsWithSuffix(query, suffix));
    const name = own === undefined ? query : query.slice(0, -own.length - 1);
    return { ...values, ...(query === '' ? {} : { query: name }), suffixes: members.join(',') };
  },
  conflicts: ({ query, suffixes }) =>
    query?.includes('.') && suffixes !== undefined
      ? { query: 'must not have a suffix of its own beside --suffix' }
      : {},
  countedBeside: ['meta'],
  ...answering({
    result: 'list',
    shape: {
      domain: needed('text'),
      available: needed('flag'),
      status: 'text',
      premium: 'flag',
      message: 'text',
    },
    beside: {
      meta: optional({ total_checked: 'number', available_count: 'number', checked_at: 'time' }),
    },
    asked: {
      name: 'domain',
      among: ({ query, suffixes }) =>
        membersOf(String(suffixes)).map((suffix) => `${query}.${withoutDot(suffix)}`),
    },
  }),
};

/** `POST /API/orders/create_order` of the API reference; form-encoded, unlike all others. */
export const orderDomain: Operation = {
  words: {
    subject: 'the domain order',
    verb: 'place',
    done: 'placed',
    doubt: 'the order may or may not have been placed',
    activity: 'Placing the domain order',
    which: ({ domain_name }) => ` for ${domain_name}`,
  },
  method: 'POST',
  path: '/API/orders/create_order',
  encoding: 'form',
  effect: 'buy',
  fields: [
    user,
    {
      name: 'domain_name',
      flag: 'domain',
      valueName: 'name',
      required: true,
      secret: false,
      question: 'Domain to register',
      help: 'domain to register, such as example.com',
      check: domainProblem,
    },
    {
      name: 'password',
      flag: 'password',
      valueName: 'value',
      required: false,
      secret: true,
      question: 'Account password (may stay empty)',
      help: 'account password, optional',
      variable: 'OXHOST_PASSWORD',
    },
    {
      name: 'domain_suffix',
      flag: 'suffix',
      valueName: 'suffix',
      required: true,
      secret: false,
      question: 'Suffix, such as com',
      help: "suffix without a dot (the domain's own)",
      check: labelsProblem,
      derivedFrom: 'domain_name',
    },
    {
      name: 'vyear',
      flag: 'years',
      valueName: 'n',
      required: true,
      secret: false,
      question: 'Years',
      help: 'term in years',
      kind: 'integer',
      minimum: 1,
      maximum: 10,
    },
  ],
  complete(values) {
    const { domain_name: name = '' } = values;
    // Behind www there is a domain more often than a suffix.
    const own = /^www\.[^.]+\./i.test(name) ? undefined : suffixOf(name);
    const suffix = values['domain_suffix'] ?? own;
    return suffix === undefined ? { ...values } : { ...values, domain_suffix: withoutDot(suffix) };
  },
  conflicts: ({ domain_name: name, domain_suffix: suffix }) =>
    name !== undefined && suffix !== undefined && !endsWithSuffix(name, suffix)
      ? { domain_suffix: 'must be what the domain ends with' }
      : {},
  ...answering({
    result: 'data',
    shape: {
      id: needed('id'),
      status: 'text',
      metadata: optional('text'),
      amount: 'money',
      currency: 'text',
    },
    beside: { balance_after: optional('money') },
  }),
};
