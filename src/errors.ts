/** Stable, documented names of everything that can go wrong. */
export type ErrorCode =
  | 'usage'
  | 'missing_input'
  | 'invalid_input'
  | 'no_api_key'
  | 'auth_failed'
  | 'rejected'
  | 'already_exists'
  | 'unreachable'
  | 'tls_failed'
  | 'outcome_unknown'
  | 'bad_response'
  | 'redirect_refused'
  | 'rate_limited'
  | 'cancelled'
  | 'config_error'
  | 'internal';

/** What is known of the thing that the command was to create, buy or change. */
export type Outcome = 'not_created' | 'unknown' | 'created';

/** Whether the same command may be given again. */
export type Retry = 'no' | 'after_fix' | 'safe' | 'check_first';

export interface FieldMessage {
  /** Name of the option without dashes, of the operand as in the usage line, or of the column. */
  name: string;
  message: string;
  /** Neither option nor operand nor column: a name that the server or `--input` made up. */
  isOption?: false;
}

/** What is worth knowing of the HTTP reply behind an error; secrets are already masked. */
export interface HttpFacts {
  status: number | null;
  request_id: string | null;
  /** Seconds, as the server asked for. */
  retry_after: number | null;
  /** At most 2,048 bytes, only when it was not the expected JSON. */
  body: string | null;
}

interface ErrorKind {
  exitCode: number;
  retry: Retry;
}

/** The one table of exit codes: each error code has its own, unless a signal decides. */
export const ERROR_KINDS: Readonly<Record<ErrorCode, ErrorKind>> = {
  usage: { exitCode: 2, retry: 'after_fix' },
  missing_input: { exitCode: 2, retry: 'after_fix' },
  invalid_input: { exitCode: 2, retry: 'after_fix' },
  no_api_key: { exitCode: 4, retry: 'after_fix' },
  auth_failed: { exitCode: 4, retry: 'after_fix' },
  rejected: { exitCode: 5, retry: 'after_fix' },
  redirect_refused: { exitCode: 5, retry: 'after_fix' },
  already_exists: { exitCode: 6, retry: 'no' },
  unreachable: { exitCode: 7, retry: 'safe' },
  tls_failed: { exitCode: 7, retry: 'safe' },
  outcome_unknown: { exitCode: 8, retry: 'check_first' },
  bad_response: { exitCode: 8, retry: 'check_first' },
  rate_limited: { exitCode: 9, retry: 'safe' },
  cancelled: { exitCode: 130, retry: 'safe' },
  config_error: { exitCode: 1, retry: 'after_fix' },
  internal: { exitCode: 1, retry: 'check_first' },
};

/** Ends of an error code with another exit code, or another answer to "again?", than its usual ones. */
export const OTHER_ENDS = {
  unusableRead: { of: 'bad_response', when: 'the call only reads', exitCode: 1, retry: 'safe' },
  notTaken: { of: 'rejected', when: 'status 408, 421 or 425', exitCode: 5, retry: 'safe' },
  maxErrors: {
    of: 'rejected',
    when: '--max-errors ended an import',
    exitCode: 3,
    retry: 'after_fix',
  },
  sigterm: { of: 'cancelled', when: 'SIGTERM', exitCode: 143, retry: 'safe' },
  interruptedCall: {
    of: 'cancelled',
    when: 'what creates, buys or changes was under way',
    exitCode: 130,
    retry: 'check_first',
  },
  declined: { of: 'cancelled', when: 'the answer was no', exitCode: 1, retry: 'safe' },
} as const satisfies Readonly<Record<string, { of: ErrorCode; when: string } & ErrorKind>>;

/** A person was asked, and did not agree. */
export function declined(): OxhostError {
  return new OxhostError('cancelled', 'You answered no; nothing was sent.', {
    exitCode: OTHER_ENDS.declined.exitCode,
    outcome: 'not_created',
  });
}

export interface ErrorDetails {
  hint?: string;
  outcome?: Outcome;
  retry?: Retry;
  fields?: readonly FieldMessage[];
  http?: HttpFacts;
  /** Requests that left this machine. */
  attempts?: number;
  exitCode?: number;
  /** Whoever read standard output has closed it. */
  isBrokenPipe?: boolean;
}

/** The only error that is thrown on purpose: it carries all that a report needs and no secret. */
export class OxhostError extends Error {
  override readonly name = 'OxhostError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The `error` object of the command-line contract, field for field. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
  exit_code: number;
  outcome: Outcome | null;
  retry: Retry;
  hint: string | null;
  fields: FieldMessage[];
  http: HttpFacts | null;
  attempts: number;
}

/** Turns whatever was thrown into the report that people and scripts see. */
export function toReport(thrown: unknown): ErrorReport {
  const error =
    thrown instanceof OxhostError
      ? thrown
      : new OxhostError('internal', `Unexpected failure: ${describe(thrown)}`, {
          hint: 'This is a bug in oxhost. Please report it with the output of the same command and --debug.',
        });
  const kind = ERROR_KINDS[error.code];
  const { details } = error;
  return {
    code: error.code,
    message: error.message,
    exit_code: details.exitCode ?? kind.exitCode,
    outcome: details.outcome ?? null,
    retry: details.retry ?? kind.retry,
    hint: details.hint ?? null,
    fields: [...(details.fields ?? [])],
    http: details.http ?? null,
    attempts: details.attempts ?? 0,
  };
}

/** The report as scripts see it. */
export function asData(report: ErrorReport): ErrorReport {
  return { ...report, fields: report.fields.map(({ name, message }) => ({ name, message })) };
}

/** Words for a foreign error: its own message or system code, never its inspection. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}
