import { ERROR_KINDS, type ErrorCode, OTHER_ENDS } from './errors.ts';

export interface ExitCode {
  code: number;
  meaning: string;
  /** Whether to give the same command again. */
  repeat: string;
  /** Error codes that end with it, also those that seldom do. */
  errors: readonly ErrorCode[];
}

const MEANINGS: readonly (readonly [code: number, meaning: string, repeat: string])[] = [
  [0, 'done; also help, version and dry run', ''],
  [
    1,
    'a bug, a local file, a read without a usable answer (5xx, HTML, lacking fields), or anything else',
    'look first',
  ],
  [2, 'usage: bad or missing option, value or input file, or --yes missing', 'after fixing it'],
  [3, 'an import ended; some rows were not created, none is unknown', 'after fixing the rows'],
  [4, 'no key, or the server refused it (401, 403)', 'after log-in'],
  [5, 'the server refused (other 4xx, 307, 308, or "success": false)', 'after fixing it'],
  [6, 'it exists already', 'no'],
  [7, 'nothing was sent (DNS, connection, TLS, proxy), or a read got no answer', 'yes'],
  [8, 'unknown: sent, but no usable answer came', 'look in the panel first'],
  [9, 'rate limited, longer than --max-wait', 'later'],
  [130, 'Ctrl-C', 'see outcome'],
  [143, 'SIGTERM, or the terminal was closed', 'see outcome'],
];

/** Every exit code that the tool has. */
export const EXIT_CODES: readonly ExitCode[] = MEANINGS.map(([code, meaning, repeat]) => ({
  code,
  meaning,
  repeat,
  errors: (Object.keys(ERROR_KINDS) as ErrorCode[]).filter(
    (error) =>
      ERROR_KINDS[error].exitCode === code ||
      Object.values(OTHER_ENDS).some((end) => end.of === error && end.exitCode === code),
  ),
}));
