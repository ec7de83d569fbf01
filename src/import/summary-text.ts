import type { Attention } from './attention.ts';
import { countRows, formatCount } from './findings.ts';
import type { Summary } from './tally.ts';

export interface SummaryPlaces {
  /** What was imported, in a person's words. */
  readonly input: string;
  /** Whether the run ended before its last row. */
  readonly stopped: boolean;
  /** Whether the results hold passwords that were made for these rows. */
  readonly generatesPasswords: boolean;
  readonly attention: Pick<Attention, 'unknown' | 'probablyOurs'>;
  /** The command that sends unknown rows once more, or null. */
  readonly retryUnknown: readonly string[] | null;
  /** The same for refused rows, where that was for no fault of theirs. */
  readonly retryRejected: readonly string[] | null;
}

/** One line; one to be copied is not to be broken where the terminal ends. */
export interface SummaryLine {
  readonly text: string;
  readonly toCopy?: true;
}

const WIDTH = 76;

/** The end of a run for a person, a line each. Pure. */
export function summaryText(summary: Summary, places: SummaryPlaces): SummaryLine[] {
  const { retryRejected } = places;
  return [
    ...asText(countLines(summary, places)),
    ...(summary.rejected + summary.invalid > 0 ? asText(FIX) : []),
    ...(retryRejected === null ? [] : addressLines(retryRejected)),
    ...(summary.unknown > 0 ? unknownLines(summary, places) : []),
    ...asText(existLines(summary, places)),
    ...asText(places.stopped ? ['To continue, run the same command again.'] : []),
  ];
}

function asText(lines: readonly string[]): SummaryLine[] {
  return lines.map((text) => ({ text }));
}

function asCommand(lines: readonly string[]): SummaryLine[] {
  return lines.map((line) => ({ text: `  ${line}`, toCopy: true }));
}

function countLines(summary: Summary, places: SummaryPlaces): string[] {
  const { results } = summary;
  const lines = [
    `${places.input}: ${countRows(summary.rows)}, ${duration(summary.seconds)}`,
    ...counts(summary),
  ];
  if (results !== null) {
    const secret = places.generatesPasswords ? ', with the generated passwords' : '';
    lines.push(`Every row's state${secret}: ${results}`);
  }
  return lines;
}

const FIX = [
  'Refused and invalid rows stand in the results with their reasons: fix them in',
  '  your own file and run the same command again.',
];

function addressLines(command: readonly string[]): SummaryLine[] {
  return [
    ...asText([
      'The address was not found in the end. Rows that were refused for that have no',
      '  fault; when the address is right again, send what was refused as it is:',
    ]),
    ...asCommand(command),
  ];
}

function unknownLines(summary: Summary, places: SummaryPlaces): SummaryLine[] {
  const { attention, retryUnknown } = places;
  return [
    ...asText([
      'Unknown: the request left, but no usable answer came, so the client may exist',
      '  or not. Look for these logins in the panel:',
      ...wrap(loginList(summary, attention.unknown)).map((line) => `    ${line}`),
    ]),
    ...(retryUnknown === null
      ? []
      : [
          ...asText([
            '  They are not sent again. Only when none of them is there, send them with:',
          ]),
          ...asCommand(retryUnknown),
        ]),
  ];
}

function existLines(summary: Summary, places: SummaryPlaces): string[] {
  const lines: string[] = [];
  if (summary.already_exists > places.attention.probablyOurs) {
    lines.push(
      'Those that exist already were not made by this import: somebody else has the',
      '  login, or an import did whose journal is gone. The results name them; such a',
      '  row is sent again when you have edited it.',
    );
  }
  if (places.attention.probablyOurs > 0) {
    lines.push(...wrap(probablyOurs(places.attention.probablyOurs, places.generatesPasswords)));
  }
  return lines;
}

function counts(summary: Summary): string[] {
  const all: (readonly [string, number])[] = [
    ['created', summary.created],
    ['created earlier', summary.already_created],
    ['exist already', summary.already_exists],
    ['refused', summary.rejected],
    ['unknown', summary.unknown],
    ['not sent', summary.not_sent],
    ['invalid', summary.invalid],
  ];
  const shown = all.filter(([label, count]) => count > 0 || label === 'created');
  const width = Math.max(...shown.map(([label]) => label.length));
  const numbers = shown.map(([, count]) => formatCount(count));
  const numberWidth = Math.max(...numbers.map((text) => text.length));
  return shown.map(
    ([label], index) => `  ${label.padEnd(width)}  ${(numbers[index] ?? '').padStart(numberWidth)}`,
  );
}

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60)
    return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `client1, client2 and 3 more: see results.csv`. Pure. */
export function loginList(
  { unknown, results, journal }: Pick<Summary, 'unknown' | 'results' | 'journal'>,
  logins: readonly string[],
): string {
  const more = unknown - logins.length;
  const rest = more > 0 ? ` and ${formatCount(more)} more: see ${results ?? journal}` : '';
  return `${logins.join(', ')}${rest}`;
}

/** Logins that were changed or taken out of the file leave what was sent for them open. Pure. */
export function unknownElsewhere(count: number, results: string): string {
  const [clients, are] =
    count === 1 ? ['One client', 'is'] : [`${formatCount(count)} clients`, 'are'];
  return `${clients} of this journal that the file does not name ${are} still unknown: see ${results}.`;
}

/** After `--retry-unknown`, that a login is taken says what became of the first request. Pure. */
export function probablyOurs(count: number, generatesPasswords: boolean): string {
  const [which, these, their] =
    count === 1
      ? ['One client that exists already was', 'It is yours', 'its password']
      : [
          `${formatCount(count)} clients that exist already were`,
          'They are yours',
          'their passwords',
        ];
  const where = generatesPasswords
    ? `; ${their}, if generated, ${count === 1 ? 'is' : 'are'} in the results file`
    : '';
  return `${which} probably created by the earlier, unknown attempt. ${these}${where}.`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
