import { type ErrorCode, OxhostError, toReport } from '../errors.ts';

export type Status = 'ok' | 'warning' | 'error' | 'skipped';

/** What one check came to. An error keeps commands from working, a warning may. */
export interface Finding {
  /** Stable name of the check: a word, or the environment variable that it is about. */
  name: string;
  status: Status;
  /** One sentence: what was found. */
  message: string;
  /** What to do, or null. */
  hint: string | null;
  /** What a command would end with because of it; 0 unless it is an error. */
  exitCode: number;
}

export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message, hint: null, exitCode: 0 };
}

export function warning(name: string, message: string, hint: string): Finding {
  return { name, status: 'warning', message, hint, exitCode: 0 };
}

export function skipped(name: string, message: string): Finding {
  return { name, status: 'skipped', message, hint: null, exitCode: 0 };
}

/** What a command would say and end with. */
export function failure(name: string, thrown: unknown, hint: string | null = null): Finding {
  const report = toReport(thrown);
  return {
    name,
    status: 'error',
    message: report.message,
    hint: report.hint ?? hint,
    exitCode: report.exit_code,
  };
}

export function error(name: string, code: ErrorCode, message: string, hint: string): Finding {
  return failure(name, new OxhostError(code, message, { hint }));
}

/** One fault stops many things; it is told once, where it was met first. Pure. */
export function toldOnce(findings: readonly Finding[]): Finding[] {
  const culprits = new Map<string, string>();
  return findings.map((finding) => {
    if (finding.status !== 'error') return finding;
    const culprit = culprits.get(finding.message);
    if (culprit !== undefined)
      return skipped(finding.name, `Not looked at, because of ${culprit}.`);
    culprits.set(finding.message, finding.name);
    return finding;
  });
}

/** That of the first error, else 0. */
export function exitCodeOf(findings: readonly Finding[]): number {
  return findings.find(({ status }) => status === 'error')?.exitCode ?? 0;
}
