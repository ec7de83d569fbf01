import { describe, expect, test } from 'vitest';
import {
  checkDomain,
  domainProblem,
  labelsProblem,
  orderDomain,
} from '../../src/api/operations/domains.ts';

const label = 'a'.repeat(63);

test.each([
  'example.com',
  'example.co.uk',
  'xn--bcher-kva.example',
  'bücher.example',
  '漢字.公司',
  'a_b.example.com',
  'EXAMPLE.COM',
  `${label}.com`,
  `${label}.${label}.${label}.${'a'.repeat(57)}.com`,
])('%s may be one', (name) => {
  expect(domainProblem(name)).toBeNull();
});

const SCHEME = 'must be a domain alone, without anything like http:// before it';
const LETTERS = 'must have only letters, digits, hyphens and dots';
const DOTS = 'must not begin or end with a dot or have two on end';

test.each([
  ['http://exa mple..com/', SCHEME],
  ['https://example.com', SCHEME],
  ['example.com/', LETTERS],
  ['exa mple.com', LETTERS],
  ['example\u00a0.com', LETTERS],
  ['example.com:80', LETTERS],
  ['a@example.com', LETTERS],
  ['["io"', LETTERS],
  ['.com', DOTS],
  ['example.com.', DOTS],
  ['example..com', DOTS],
  [`${label}a.com`, 'must not have more than 63 characters between two dots'],
  [`${'漢'.repeat(60)}.com`, 'must not have more than 63 characters between two dots'],
  [`${label}.${label}.${label}.${'a'.repeat(58)}.com`, 'must not be longer than 253 characters'],
  ['example', 'must have a dot, such as example.com'],
])('%s is none', (name, problem) => {
  expect(domainProblem(name)).toBe(problem);
});

describe('a part of one needs no dot, and the rest holds', () => {
  test.each([
    ['com', null],
    ['co.uk', null],
    ['公司', null],
    ['[com]', LETTERS],
    ['co m', LETTERS],
    ['.com', DOTS],
    ['', DOTS],
  ])('%s', (part, problem) => {
    expect(labelsProblem(part)).toBe(problem);
  });
});

/** What is completed, and the message of what is wrong with it. */
test.each<[typeof checkDomain, Record<string, string>, Record<string, string>, string?]>([
  [checkDomain, { query: 'example.com' }, { query: 'example', suffixes: 'com' }],
  [checkDomain, { query: 'example.co.uk' }, { query: 'example', suffixes: 'co.uk' }],
  [checkDomain, { query: 'example' }, { query: 'example' }],
  [
    checkDomain,
    { query: 'example', suffixes: '.com, net' },
    { query: 'example', suffixes: 'com,net' },
  ],
  [
    checkDomain,
    { query: 'example.NET', suffixes: 'com,net' },
    { query: 'example', suffixes: 'com,net' },
  ],
  [
    checkDomain,
    { query: 'example.org', suffixes: 'com' },
    { query: 'example.org', suffixes: 'com' },
    'must not have another suffix than those of --suffix',
  ],
  [
    checkDomain,
    { query: 'www.example.com' },
    { query: 'www.example.com' },
    'must be a domain alone, without a sub-domain such as www',
  ],
  [
    orderDomain,
    { domain_name: 'example.com' },
    { domain_name: 'example.com', domain_suffix: 'com' },
  ],
  [
    orderDomain,
    { domain_name: 'example.com', domain_suffix: '.com' },
    { domain_name: 'example.com', domain_suffix: 'com' },
  ],
  [
    orderDomain,
    { domain_name: 'example.com', domain_suffix: 'net' },
    { domain_name: 'example.com', domain_suffix: 'net' },
    'must be what the domain ends with',
  ],
  [
    orderDomain,
    { domain_name: 'www.example.com' },
    { domain_name: 'www.example.com' },
    'must be a domain alone, without a sub-domain such as www',
  ],
])('%# completes %j', (operation, given, completed, problem) => {
  const values = operation.complete?.(given) ?? {};
  expect(values).toEqual(completed);
  const problems = operation.check?.(values, false).problems.map(({ message }) => message);
  expect(problems).toEqual(problem === undefined ? [] : [problem]);
});
