import { asData, type ErrorReport } from '../errors.ts';
import type { Style } from './style.ts';
import { sanitizeLine } from './text.ts';

/** Hides the secrets of this run. */
type Mask = (text: string) => string;

/** The report as the object `error`. Pure. */
export function errorData(report: ErrorReport, mask: Mask): object {
  const data = asData(report);
  const { http } = data;
  const said = (text: string) => mask(sanitizeLine(text));
  return {
    ...data,
    message: said(data.message),
    fields: data.fields.map(({ name, message }) => ({ name: said(name), message: said(message) })),
    http: http && {
      ...http,
      request_id: http.request_id && said(http.request_id),
      body: http.body && mask(http.body),
    },
  };
}

/** A line for people; what is folded stands under the text. */
export interface LabelledLine {
  label: string;
  text: string;
  color?: keyof Style;
}

/** The report as lines for people, not yet masked. Pure. */
export function errorLines(report: ErrorReport): LabelledLine[] {
  const message = sanitizeLine(report.message);
  const fields = report.fields.map((field) => {
    const { name, isOption } = field;
    // A row of a file is no option, nor is an operand or what only the server knows.
    const label = sanitizeLine(isOption === false || /[ <]/.test(name) ? name : `--${name}`);
    const text = sanitizeLine(field.message);
    // Such as "password is a hash: 300 rows".
    return text.startsWith(`${label} `) ? { label: ' ', text } : { label: `  ${label}:`, text };
  });
  return [
    { label: 'error:', text: message, color: 'error' },
    ...fields
      // The message names what is missing.
      .filter(({ text }) => report.code !== 'missing_input' || text !== 'is missing')
      .filter(({ text }) => !message.endsWith(`: ${text.replace(/\.$/, '')}.`)),
    ...lineOf('answer:', report.answer),
    ...lineOf('request id:', report.http?.request_id),
    ...lineOf('hint:', report.hint, 'warning'),
  ];
}

function lineOf(
  label: string,
  text: string | null | undefined,
  color?: keyof Style,
): LabelledLine[] {
  if (text == null || text === '') return [];
  return [{ label, text: sanitizeLine(text), ...(color && { color }) }];
}
