import { expect } from 'vitest';
import { formsFound } from '../support/canary.ts';
import { type OxhostOptions, type OxhostResult, runOxhost } from '../support/run.ts';

export const KEY = 'Canary-Key-0123456789-Zwitscher-wxyz';

export interface Check {
  name: string;
  status: string;
  message: string;
  hint: string | null;
}

export interface Examined {
  exitCode: number | null;
  ok: boolean;
  checks: readonly Check[];
  /** `name status` of all that is neither ok nor skipped. */
  found: readonly string[];
  check(name: string): Check;
}

/** What `oxhost doctor --json` printed, when it is whole and shows no secret. */
export function examined(
  result: Pick<OxhostResult, 'stdout' | 'stderr'> & { exitCode: number | null },
  secrets: readonly string[] = [],
): Examined {
  for (const secret of [KEY, ...secrets]) {
    expect(formsFound(result.stdout + result.stderr, secret)).toEqual([]);
  }
  // The result is on stdout whatever it is, so there is no error beside it.
  expect(result.stderr).not.toContain('"error"');
  const { ok, checks, ...rest } = JSON.parse(result.stdout) as { ok: boolean; checks: Check[] };
  expect(rest).toEqual({});
  expect(ok).toBe(result.exitCode === 0);
  expect(ok).toBe(checks.every(({ status }) => status !== 'error'));
  for (const check of checks) {
    expect(Object.keys(check)).toEqual(['name', 'status', 'message', 'hint']);
    expect(check.message).toMatch(/^\S.*\.$/);
    expect(check.hint === null).toBe(check.status === 'ok' || check.status === 'skipped');
  }
  return {
    exitCode: result.exitCode,
    ok,
    checks,
    found: checks
      .filter(({ status }) => status === 'warning' || status === 'error')
      .map(({ name, status }) => `${name} ${status}`),
    check(name) {
      const check = checks.find((candidate) => candidate.name === name);
      if (check === undefined) throw new Error(`there is no check ${name}`);
      return check;
    },
  };
}

/** Runs it in this process; proxies and authorities are those of this process: none. */
export async function doctor(
  args: readonly string[] = [],
  options: OxhostOptions = {},
): Promise<Examined & OxhostResult> {
  const result = await runOxhost(['doctor', '--json', ...args], options);
  return { ...result, ...examined(result), exitCode: result.exitCode };
}
