import { acceptUnless, lacksIdentified } from '../answer.ts';
import { isObject, type JsonObject, type Operation } from '../operation.ts';
import { user } from './account.ts';

/** What is behind the first dot, or undefined. */
function suffixOf(domain: string): string | undefined {
  return /^[^.]+\.(.+)$/.exec(domain)?.[1];
}

/** The reference's examples have no dot before a suffix, though one of its tables has. */
function withoutDot(suffix: string): string {
  return suffix.trim().replace(/^\./, '');
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
    },
    {
      name: 'suffixes',
      flag: 'suffix',
      valueName: 'suffix',
      required: true,
      secret: false,
      question: 'Suffixes, such as com',
      help: 'suffix to check, such as com; may be repeated',
      kind: 'list',
    },
  ],
  resultFields: ['domain', 'available', 'status', 'premium', 'message'],
  complete(values) {
    const { query = '', suffixes } = values;
    if (suffixes !== undefined) {
      return { ...values, suffixes: suffixes.split(',').map(withoutDot).join(',') };
    }
    const suffix = suffixOf(query);
    return suffix === undefined
      ? { ...values }
      : { ...values, query: query.slice(0, query.indexOf('.')), suffixes: suffix };
  },
  accept: ({ data, ...rest }) =>
    acceptUnless(
      [
        Array.isArray(data) && data.every(isObject) ? null : 'its "data" is not a list of domains',
        Array.isArray(data) && data.every((row) => typeof row?.['domain'] === 'string')
          ? null
          : 'one of its domains has no "domain"',
      ],
      () => ({ result: { ...rest, data }, rows: data as readonly JsonObject[] }),
    ),
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
  resultFields: ['id', 'status', 'metadata', 'amount', 'currency'],
  complete(values) {
    const suffix = values['domain_suffix'] ?? suffixOf(values['domain_name'] ?? '');
    return suffix === undefined ? { ...values } : { ...values, domain_suffix: withoutDot(suffix) };
  },
  accept: (answer) =>
    acceptUnless([lacksIdentified(answer, 'data')], () => ({
      result: answer['data'] as JsonObject,
    })),
};
