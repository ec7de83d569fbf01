import { describe, expect, test } from 'vitest';
import { domainProblem, labelsProblem } from '../../src/api/domain-name.ts';

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
