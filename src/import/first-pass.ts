import { type FieldMessage, OxhostError } from '../errors.ts';
import { shorten } from '../output/sanitize.ts';
import { countRows, type Finding, Findings, formatCount } from './findings.ts';
import type { Mapping } from './mapping.ts';
import { readBatches } from './reader/read.ts';
import type { InputShape, Row } from './reader/row.ts';
import { RepeatedLogins } from './repeated-logins.ts';
import { RowChecker } from './row-check.ts';
import { SeenTexts } from './seen.ts';
import { folded } from './unicode-form.ts';

export interface FirstPassOptions {
  readonly path: string;
  readonly shape: InputShape;
  readonly mapping: Mapping;
  readonly generatePasswords: boolean;
  readonly signal: AbortSignal;
  /** Logins that need no warning any more, being created. */
  readonly isSettled?: (login: string) => boolean;
}

/** What the whole file comes to, before anything is sent. */
export interface FirstPass {
  /** Records, the bad ones included. */
  readonly rows: number;
  readonly invalid: number;
  /** The first bad rows; `invalid` counts those that are not listed, too. */
  readonly problems: readonly FieldMessage[];
  /** Whether --generate-passwords would mend any of the bad rows. */
  readonly lacksPasswords: boolean;
  readonly findings: readonly Finding[];
  /** For the passes to come. */
  readonly repeated: RepeatedLogins;
}

/** More than anybody mends by hand, and little enough to keep until all are known. */
const MOST_PROBLEMS = 10_000;
const LONGEST_PROBLEM = 600;
const LOGIN_ALIKE =
  'login differs from that of another row only in upper and lower case or in its Unicode form';

/**
 * Reads and checks every row; memory does not grow with the file but for 30 bytes a row.
 * @throws InputError where the file cannot be read on, OxhostError `cancelled` on a signal.
 */
export async function firstPass(options: FirstPassOptions): Promise<FirstPass> {
  const { path, shape, mapping, generatePasswords, signal, isSettled } = options;
  const findings = new Findings();
  const repeated = new RepeatedLogins();
  let share = 0;
  const progress = () => share;
  const logins = new SeenTexts(progress);
  const earlierLine = ({ row, line }: Row, login: string) => {
    const { same, alike } = logins.add(login, folded(login), line);
    if (same !== undefined) repeated.add(row, same);
    if (alike !== undefined && !isSettled?.(login)) findings.add('login_alike', LOGIN_ALIKE, line);
    return same;
  };
  const checker = new RowChecker({
    mapping,
    generatePasswords,
    findings,
    emails: new SeenTexts(progress),
    earlierLine,
    ...(isSettled && { isSettled }),
  });
  const problems: FieldMessage[] = [];
  let rows = 0;
  let invalid = 0;
  let lacksPasswords = false;
  const onNote = ({ line, message }: { line: number; message: string }) =>
    findings.add('input', message, line);
  const onProgress = (read: number) => {
    share = read;
  };
  const reading = { used: mapping.used, onNote, onProgress };
  for await (const batch of readBatches(path, shape, reading)) {
    if (signal.aborted) break;
    for (const record of batch) {
      rows += 1;
      const checked = checker.check(record);
      if (checked.kind === 'good') continue;
      invalid += 1;
      lacksPasswords ||= checked.lacksPassword;
      if (problems.length < MOST_PROBLEMS) {
        const name = `row ${record.row} (line ${record.line})`;
        problems.push({ name, message: shorten(checked.problem, LONGEST_PROBLEM) });
      }
    }
  }
  if (signal.aborted) throw cancelled(signal);
  return { rows, invalid, problems, lacksPasswords, findings: findings.all, repeated };
}

/** Ctrl-C before the first request. */
export function cancelled(signal: AbortSignal): OxhostError {
  return new OxhostError('cancelled', 'Stopped before anything was sent.', {
    exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
    outcome: 'not_created',
  });
}

/** A file without a client in it is more likely a mistake than a wish. */
export function noRowsError(name: string, { delimiter, columns }: InputShape): OxhostError {
  const isDelimited = delimiter !== undefined;
  const missing = columns.length > 0 ? 'names columns but has no rows below them' : 'is empty';
  const what = isDelimited ? missing : 'holds no clients';
  return new OxhostError('invalid_input', `Nothing was sent: ${name} ${what}.`, {
    outcome: 'not_created',
    ...(isDelimited && {
      hint: 'The first line must name the columns, for example name,login,email,password; each client has a line below it.',
    }),
  });
}

/** The error that a file with bad rows ends in, unless these are to be left out. */
export function badRowsError({
  rows,
  invalid,
  problems,
  lacksPasswords,
}: Omit<FirstPass, 'findings' | 'repeated'>): OxhostError {
  const listed =
    problems.length < invalid ? `; the first ${formatCount(problems.length)} are listed` : '';
  return new OxhostError(
    'invalid_input',
    `Nothing was sent: ${formatCount(invalid)} of ${countRows(rows)} cannot be used${listed}.`,
    {
      fields: problems,
      outcome: 'not_created',
      hint: `Mend them, or leave them out with --skip-invalid${lacksPasswords ? '; --generate-passwords makes passwords for rows that have none, a hash or a mask' : ''}.`,
    },
  );
}
