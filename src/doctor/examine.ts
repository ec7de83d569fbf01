import type { Context } from '../context.ts';
import { OxhostError, toReport } from '../errors.ts';
import { CHECKS } from './checks.ts';

/** What one check came to. An error keeps commands from working, a warning may. */
export interface Finding {
  /** Stable name of the check. */
  name: string;
  status: 'ok' | 'warning' | 'error';
  /** One sentence: what was found. */
  message: string;
  /** What to do, or null. */
  hint: string | null;
}

export interface Examination {
  findings: readonly Finding[];
  /** What a command would end with for the first error, else 0. */
  exitCode: number;
}

/**
 * All checks in their order. One fault can stop several: it stands once, where it was met first.
 * @throws OxhostError `cancelled` alone.
 */
export async function examine(context: Context): Promise<Examination> {
  const findings: Finding[] = [];
  let exitCode = 0;
  for (const [name, look] of Object.entries(CHECKS)) {
    try {
      const { message, hint = null } = await look(context);
      findings.push({ name, status: hint === null ? 'ok' : 'warning', message, hint });
    } catch (thrown) {
      if (!(thrown instanceof OxhostError) || thrown.code === 'cancelled') throw thrown;
      const { message, hint, exit_code } = toReport(thrown);
      if (findings.some((finding) => finding.message === message)) continue;
      findings.push({ name, status: 'error', message, hint });
      if (exitCode === 0) exitCode = exit_code;
    }
  }
  const masked = (text: string) => context.redactor.apply(text);
  return {
    findings: findings.map(({ message, hint, ...rest }) => ({
      ...rest,
      message: masked(message),
      hint: hint === null ? null : masked(hint),
    })),
    exitCode,
  };
}
