import { describe, expect, test } from 'vitest';
import { type ErrorDetails, OxhostError, toReport } from '../../src/errors.ts';
import { errorData, errorLines } from '../../src/output/error-report.ts';
import { createRedactor, MASK } from '../../src/output/masking.ts';

const SECRET = 'Canary7Vogel29Zwitscher31Nest';
const http = { status: 422, request_id: null, retry_after: null, body: null };
const { add, apply: mask } = createRedactor();
add(SECRET);

const report = (message: string, details: ErrorDetails = {}) =>
  toReport(new OxhostError('rejected', message, details));
const textOf = (given: ReturnType<typeof report>) =>
  errorLines(given, mask).map(({ label, text }) => `${label} ${text}`);
const linesOf = (...given: Parameters<typeof report>) => textOf(report(...given));
const dataOf = (...given: Parameters<typeof report>) =>
  errorData(report(...given), mask) as ReturnType<typeof toReport>;

test('all that an error can have, in lines and as data', () => {
  const fields = [
    { name: 'login', message: 'is taken.' },
    { name: '<id>', message: 'is bad' },
    { name: 'rack', message: 'is full', isOption: false as const },
  ];
  const details = { hint: 'Look.', answer: 'No', fields, http: { ...http, request_id: 'r1' } };
  expect(linesOf('It was refused.', details)).toEqual([
    'error: It was refused.',
    '  --login: is taken.',
    '  <id>: is bad',
    '  rack: is full',
    'answer: No',
    'request id: r1',
    'hint: Look.',
  ]);
  const data = dataOf('It was refused.', details);
  expect(data.fields[2]).toEqual({ name: 'rack', message: 'is full' });
  expect(data.http).toEqual({ ...http, request_id: 'r1' });
  expect(data).not.toHaveProperty('answer');
});

test('what the message ends with is not said again', () => {
  const fields = [{ name: 'login', message: 'is taken.' }];
  expect(linesOf('It was refused: is taken.', { fields })).toHaveLength(1);
});

test('words of an answer are looked through for pairs, our own and the user’s are not', () => {
  expect(dataOf('Bad: --map password=Kennwort', { http }).message).toBe(
    `Bad: --map password=${MASK}`,
  );
  expect(dataOf('Bad: --map password=Kennwort').message).toBe('Bad: --map password=Kennwort');
});

describe('a secret is masked before a text is cut', () => {
  test.each([
    ['message', 600, (text: string) => [report(text, { http })]],
    [
      'field',
      600,
      (text: string) => [report('', { http, fields: [{ name: 'a', message: text }] })],
    ],
    ['answer', 200, (text: string) => [report('', { http, answer: text })]],
    ['request id', 200, (text: string) => [report('', { http: { ...http, request_id: text } })]],
    ['body', 2_048, (text: string) => [report('', { http: { ...http, body: text } })]],
  ])('%s', (what, longest, reports) => {
    for (let filler = longest - 40; filler <= longest + 2; filler += 1) {
      const [given] = reports(`${'x'.repeat(filler)} ${SECRET}${'y'.repeat(3_000)}`);
      if (given === undefined) throw new Error('no report');
      const lines = textOf(given).join(' ');
      const data = JSON.stringify(errorData(given, mask));
      for (const text of [lines, data]) expect(text).not.toContain('Cana');
      expect(what === 'answer' ? lines : data).toMatch(/[x*y ]…/);
    }
  });

  test('bytes count in a body, and no character is split', () => {
    const body = dataOf('', { http: { ...http, body: 'x\u{1f600}'.repeat(1_000) } }).http?.body;
    expect(Buffer.byteLength(body ?? '')).toBeLessThanOrEqual(2_048);
    expect(body).toMatch(/^(?:x\u{1f600})+x?…$/u);
  });
});
