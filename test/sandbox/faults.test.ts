import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decideFaults,
  type Fault,
  type FaultTime,
  faultHelp,
  parseFault,
} from '../../src/sandbox/faults.ts';

const always: FaultTime = { type: 'always' };

describe('parseFault', () => {
  test.each<[string, Fault]>([
    ['status=503', { kind: 'status', status: 503, when: always }],
    ['status=200', { kind: 'status', status: 200, when: always }],
    ['status-after=502', { kind: 'status-after', status: 502, when: always }],
    ['status-after=599', { kind: 'status-after', status: 599, when: always }],
    ['reset', { kind: 'reset', when: always }],
    ['reset-after', { kind: 'reset-after', when: always }],
    ['broken', { kind: 'broken', when: always }],
    ['html', { kind: 'html', when: always }],
    ['delay=0', { kind: 'delay', milliseconds: 0, when: always }],
    ['delay=3600000', { kind: 'delay', milliseconds: 3_600_000, when: always }],
    ['reset@1', { kind: 'reset', when: { type: 'first', count: 1 } }],
    ['status=429@3', { kind: 'status', status: 429, when: { type: 'first', count: 3 } }],
    ['reset-after@3-', { kind: 'reset-after', when: { type: 'from', number: 3 } }],
    ['html@30%', { kind: 'html', when: { type: 'share', share: 0.3 } }],
    ['broken@0.5%', { kind: 'broken', when: { type: 'share', share: 0.005 } }],
    ['delay=5@100%', { kind: 'delay', milliseconds: 5, when: { type: 'share', share: 1 } }],
  ])('%s', (rule, fault) => {
    expect(parseFault(rule)).toEqual(fault);
  });

  test.each([
    ['', '"" is not a kind'],
    ['nonsense', '"nonsense" is not a kind'],
    ['Reset', '"Reset" is not a kind'],
    [' reset', '" reset" is not a kind'],
    ['constructor', '"constructor" is not a kind'],
    ['status', 'status needs a status from 200 to 599'],
    ['status=', 'status needs a status from 200 to 599'],
    ['status=199', 'status needs a status from 200 to 599'],
    ['status=600', 'status needs a status from 200 to 599'],
    ['status=5e2', 'status needs a status from 200 to 599'],
    ['status=500=1', 'status needs a status from 200 to 599'],
    ['status-after=abc', 'status-after needs a status'],
    ['delay', 'delay needs milliseconds'],
    ['delay=-1', 'delay needs milliseconds'],
    ['delay=1.5', 'delay needs milliseconds'],
    ['delay=3600001', 'delay needs milliseconds'],
    ['reset=1', 'reset takes no value'],
    ['reset-after=', 'reset-after takes no value'],
    ['broken=x', 'broken takes no value'],
    ['html=x', 'html takes no value'],
    ['reset@', 'after "@" comes a count'],
    ['reset@0', 'after "@" comes a count'],
    ['reset@0-', 'after "@" comes a count'],
    ['reset@-3', 'after "@" comes a count'],
    ['reset@3+', 'after "@" comes a count'],
    ['reset@0%', 'after "@" comes a count'],
    ['reset@101%', 'after "@" comes a count'],
    ['reset@%', 'after "@" comes a count'],
    ['reset@1.5', 'after "@" comes a count'],
    ['reset@9999999999', 'after "@" comes a count'],
    ['reset@1@2', 'one "@" only'],
  ])('%j is refused in one sentence that says what would be right', (rule, advice) => {
    expect(() => parseFault(rule)).toThrow(advice);
    expect(() => parseFault(rule)).toThrow(`"${rule}"`);
    for (const kind of ['status=<code>', 'status-after=<code>', 'delay=<milliseconds>']) {
      expect(() => parseFault(rule)).toThrow(kind);
    }
    expect(() => parseFault(rule)).toThrow(/^[^\n]+ reset, reset-after, [^\n]+ broken or html\.$/);
  });

  test('any other text either parses or is refused with an Error that quotes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z-]+=?\d*@?[\d%.-]*$/)), (rule) => {
        try {
          expect(faultHelp.some(({ rule: form }) => form.startsWith(parseFault(rule).kind))).toBe(
            true,
          );
        } catch (error) {
          expect(String(error)).toContain(`Error: Fault rule "${rule}" cannot be used: `);
        }
      }),
    );
  });
});

describe('faultHelp', () => {
  test('names every kind and every time, each with a meaning', () => {
    expect(faultHelp.map(({ rule }) => rule)).toEqual([
      'status=<code>',
      'status-after=<code>',
      'reset',
      'reset-after',
      'delay=<milliseconds>',
      'broken',
      'html',
      '…@<n>',
      '…@<n>-',
      '…@<share>%',
    ]);
    expect(faultHelp.every(({ meaning }) => meaning.length > 10)).toBe(true);
  });
});

describe('decideFaults', () => {
  const kinds = (rules: readonly string[], number: number, random = 0.5) => {
    const { fault, delayMilliseconds } = decideFaults(rules.map(parseFault), number, () => random);
    return [fault?.kind, delayMilliseconds];
  };

  test.each<[string[], number, number, string | undefined, number]>([
    [[], 1, 0, undefined, 0],
    [['reset'], 1, 0.99, 'reset', 0],
    [['reset'], 1000, 0.99, 'reset', 0],
    [['reset@3'], 3, 0, 'reset', 0],
    [['reset@3'], 4, 0, undefined, 0],
    [['reset@3-'], 2, 0, undefined, 0],
    [['reset@3-'], 3, 0, 'reset', 0],
    [['reset@3-'], 4, 0, 'reset', 0],
    [['reset@30%'], 1, 0.29, 'reset', 0],
    [['reset@30%'], 1, 0.3, undefined, 0],
    [['reset@100%'], 1, 0.999999, 'reset', 0],
    [['html', 'reset'], 1, 0, 'html', 0],
    [['html@2-', 'reset'], 1, 0, 'reset', 0],
    [['html@2-', 'reset'], 2, 0, 'html', 0],
    [['delay=5'], 1, 0, undefined, 5],
    [['delay=5', 'broken', 'delay=7', 'html'], 1, 0, 'broken', 12],
    [['delay=5@1', 'delay=7@2-'], 2, 0, undefined, 7],
  ])('%j at request %d with random %d: %s, %d ms later', (rules, number, random, kind, delay) => {
    expect(kinds(rules, number, random)).toEqual([kind, delay]);
  });

  test('each share is drawn anew', () => {
    const numbers = [0.9, 0.1];
    const faults = ['reset@50%', 'html@50%'].map(parseFault);
    expect(decideFaults(faults, 1, () => numbers.shift() ?? 1).fault?.kind).toBe('html');
  });
});
