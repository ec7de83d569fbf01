/** What is known of the thing that the command was to create, buy or change. */
export type ReportedOutcome = 'not_created' | 'unknown' | 'created';

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
  /** At most 2,048 bytes; null when the answer was the documented one. */
  body: string | null;
}

interface ErrorKind {
  /** Unless the error itself has another: a signal, a read, the end of an import. */
  exitCode: number;
  retry: Retry;
}

const kind = (exitCode: number, retry: Retry): ErrorKind => ({ exitCode, retry });

/** Stable, documented names of everything that can go wrong. */
const KINDS = {
  usage: kind(2, 'after_fix'),
  missing_input: kind(2, 'after_fix'),
  invalid_input: kind(2, 'after_fix'),
  no_api_key: kind(4, 'after_fix'),
  auth_failed: kind(4, 'after_fix'),
  rejected: kind(5, 'after_fix'),
  redirect_refused: kind(5, 'after_fix'),
  already_exists: kind(6, 'no'),
  unreachable: kind(7, 'safe'),
  tls_failed: kind(7, 'safe'),
  outcome_unknown: kind(8, 'check_first'),
  bad_response: kind(8, 'check_first'),
  rate_limited: kind(9, 'safe'),
  cancelled: kind(130, 'safe'),
  config_error: kind(1, 'after_fix'),
  internal: kind(1, 'check_first'),
};
export type ErrorCode = keyof typeof KINDS;
export const ERROR_KINDS: Readonly<Record<ErrorCode, ErrorKind>> = KINDS;

export interface ExitCode {
  code: number;
  meaning: string;
  /** Whether to give the same command again. */
  repeat: string;
  /** Codes of the errors that end with it, also of those that seldom do. */
  errors: readonly ErrorCode[];
}

const MEANINGS: readonly [code: number, meaning: string, repeat: string, also?: ErrorCode[]][] = [
  [0, 'done; also help, version and dry run', ''],
  [
    1,
    'a local file, a read without a usable answer, or anything else',
    'look first',
    ['bad_response'],
  ],
  [2, 'usage: bad or missing option, value or input file, or --yes missing', 'after fixing it'],
  [
    3,
    'an import ended; some rows were not created, none is unknown',
    'after fixing the rows',
    ['rejected'],
  ],
  [4, 'no key, or the server refused it', 'after log-in'],
  [5, 'the server refused (other 4xx, 307, 308, or "success": false)', 'after fixing it'],
  [6, 'it exists already', 'no'],
  [7, 'nothing was sent (DNS, connection, TLS, proxy), or a read got no answer', 'yes'],
  [8, 'unknown: sent, but no usable answer came', 'look in the panel first', ['redirect_refused']],
  [9, 'rate limited, longer than --max-wait', 'later'],
  [130, 'Ctrl-C, or a question was answered with no', 'see outcome'],
  [143, 'SIGTERM, or the terminal was closed', 'see outcome', ['cancelled']],
];

/** Every exit code that the tool has. */
export const EXIT_CODES: readonly ExitCode[] = MEANINGS.map(
  ([code, meaning, repeat, also = []]) => {
    const names = Object.keys(ERROR_KINDS) as ErrorCode[];
    const errors = [...names.filter((name) => ERROR_KINDS[name].exitCode === code), ...also];
    return { code, meaning, repeat, errors };
  },
);

/** Fields of `error` on stderr with `--json`, in their order. */
export const ERROR_FIELDS: Readonly<Record<Exclude<keyof ErrorReport, 'answer'>, string>> = {
  code: 'stable name, such as rejected',
  message: 'one sentence, with the words of the server where there are any',
  exit_code: 'the same as that of the process',
  outcome: 'not_created, unknown or created for what creates or buys; else null',
  retry: 'no, after_fix, safe or check_first',
  hint: 'what to do next, or null',
  fields: '[{"name","message"}], all bad or missing values at once',
  http: '{"status","request_id","retry_after","body"} or null',
  attempts: 'requests that left this machine',
};

export interface ErrorDetails {
  hint?: string;
  outcome?: ReportedOutcome;
  retry?: Retry;
  fields?: readonly FieldMessage[];
  http?: HttpFacts;
  /** What the server answered, short and masked, where the message does not have it. */
  answer?: string;
  /** Requests that left this machine. */
  attempts?: number;
  exitCode?: number;
  /** A person's no, which is no failure. */
  isAnswer?: boolean;
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

/** The `error` object of the command-line contract, and what only its text form has. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
  exit_code: number;
  outcome: ReportedOutcome | null;
  retry: Retry;
  hint: string | null;
  fields: FieldMessage[];
  http: HttpFacts | null;
  attempts: number;
  /** The line `answer:` of the text form, or null. */
  answer: string | null;
}

/** Turns whatever was thrown into the report that people and scripts see. */
export function toReport(thrown: unknown): ErrorReport {
  const error = thrown instanceof OxhostError ? thrown : unexpected(thrown);
  const { code, message, details } = error;
  return {
    code,
    message,
    exit_code: details.exitCode ?? ERROR_KINDS[code].exitCode,
    outcome: details.outcome ?? null,
    retry: details.retry ?? ERROR_KINDS[code].retry,
    hint: details.hint ?? null,
    fields: [...(details.fields ?? [])],
    http: details.http ?? null,
    attempts: details.attempts ?? 0,
    answer: details.answer ?? null,
  };
}

/** A disk that is full or a folder that is closed is not the fault of this program. */
function unexpected(thrown: unknown): OxhostError {
  const { code, syscall, path } = Object(thrown) as NodeJS.ErrnoException;
  if (typeof code === 'string' && typeof syscall === 'string' && code !== 'EBADF') {
    const where = path === undefined ? '' : ` ${path}`;
    return new OxhostError('internal', `The system refused to ${syscall}${where} (${code}).`, {
      retry: 'after_fix',
    });
  }
  return new OxhostError('internal', `Unexpected failure: ${describe(thrown)}`, {
    hint: 'This is a bug in oxhost. Please report it with the output of the same command and --debug.',
  });
}

/** The report as scripts see it. */
export function asData({ answer: _answer, ...report }: ErrorReport): Omit<ErrorReport, 'answer'> {
  // An operand has angle brackets for people alone.
  const fields = report.fields.map(({ name, message }) => ({
    ...{ name: name.replace(/^<(.*)>$/, '$1'), message },
  }));
  return { ...report, fields };
}

/** A person was asked, and did not agree. */
export function declined(): OxhostError {
  return new OxhostError('cancelled', 'You answered no; nothing was sent.', {
    outcome: 'not_created',
    isAnswer: true,
  });
}

/** Words for a foreign error: its own message or system code, never its inspection. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}
