import { asData, type ErrorReport } from '../errors.ts';
import { maskPairs } from './masking.ts';
import { sanitizeLine, shorten, shortenBytes } from './sanitize.ts';
import type { Style } from './style.ts';

const LONGEST_SERVER_TEXT = 600;
const LONGEST_ANSWER = 200;
const LONGEST_REQUEST_ID = 200;
/** In bytes. */
const LONGEST_BODY = 2_048;

/** Hides the secrets of this run. */
type Mask = (text: string) => string;

/** What the server may have written: masked whole, or half a secret would be left, and then cut. */
function words(text: string, { http }: ErrorReport, mask: Mask, longest = LONGEST_SERVER_TEXT) {
  const masked = mask(sanitizeLine(text));
  // Without an answer the words are our own or the user's.
  return shorten(http === null ? masked : maskPairs(masked), longest);
}

function requestId(report: ErrorReport, mask: Mask): string | null {
  const id = report.http?.request_id ?? null;
  return id === null ? null : words(id, report, mask, LONGEST_REQUEST_ID);
}

/** A long text of the trace or of an answer, masked and then cut. */
export function shortBody(body: string, mask: Mask): string {
  return shortenBytes(mask(body), LONGEST_BODY);
}

/** The report as the object `error`. Pure. */
export function errorData(report: ErrorReport, mask: Mask): object {
  const data = asData(report);
  const { http } = data;
  return {
    ...data,
    message: words(report.message, report, mask),
    fields: data.fields.map(({ name, message }) => ({
      name: words(name, report, mask),
      message: words(message, report, mask),
    })),
    http: http && {
      ...http,
      request_id: requestId(report, mask),
      body: http.body === null ? null : shortBody(http.body, mask),
    },
  };
}

/** A line for people; what is folded stands under the text. */
export interface LabelledLine {
  label: string;
  text: string;
  color?: keyof Style;
}

/** The report as lines for people. Pure. */
export function errorLines(report: ErrorReport, mask: Mask): LabelledLine[] {
  const said = (text: string, longest?: number) => words(text, report, mask, longest);
  const message = said(report.message);
  const fields = report.fields.map(({ name, message, isOption }) => ({
    // A row of a file is no option, nor is an operand or what only the server knows.
    name: said(isOption === false || /[ <]/.test(name) ? name : `--${name}`),
    text: said(message),
  }));
  const id = requestId(report, mask);
  return [
    { label: 'error:', text: message, color: 'error' },
    ...fields
      .filter(({ text }) => !message.endsWith(`: ${text.replace(/\.$/, '')}.`))
      .map(({ name, text }) =>
        // Such as "password is a hash: 300 rows".
        text.startsWith(`${name} `) ? { label: ' ', text } : { label: `  ${name}:`, text },
      ),
    ...(report.answer === null
      ? []
      : [{ label: 'answer:', text: said(report.answer, LONGEST_ANSWER) }]),
    ...(id === null ? [] : [{ label: 'request id:', text: id }]),
    ...(report.hint === null
      ? []
      : [{ label: 'hint:', text: sanitizeLine(report.hint), color: 'warning' as const }]),
  ];
}
