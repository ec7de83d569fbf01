import { expect, test } from 'vitest';
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
  errorLines(given).map(({ label, text }) => `${label} ${text}`);
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
  expect(data.fields[1]).toEqual({ name: 'id', message: 'is bad' });
  expect(data.fields[2]).toEqual({ name: 'rack', message: 'is full' });
  expect(data.http).toEqual({ ...http, request_id: 'r1' });
  expect(data).not.toHaveProperty('answer');
});

test('what the message ends with is not said again', () => {
  const fields = [{ name: 'login', message: 'is taken.' }];
  expect(linesOf('It was refused: is taken.', { fields })).toHaveLength(1);
});

test('every text is masked, with controls taken away', () => {
  const text = `by \u001b[31m${SECRET}\u001b[0m`;
  const fields = [{ name: 'login', message: text }];
  const data = dataOf(text, { fields, http: { ...http, request_id: text, body: `"${SECRET}"` } });
  expect(data).toMatchObject({
    message: `by ${MASK}`,
    fields: [{ name: 'login', message: `by ${MASK}` }],
    http: { request_id: `by ${MASK}`, body: `"${MASK}"` },
  });
  expect(linesOf('x', { answer: '\u001b[2Jy' })).toContain('answer: y');
});
