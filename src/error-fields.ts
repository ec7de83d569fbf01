import type { ErrorReport } from './errors.ts';

/** Fields of `error` on stderr with `--json`, in their order. */
export const ERROR_FIELDS: Readonly<Record<keyof ErrorReport, string>> = {
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
