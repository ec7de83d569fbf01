import type { Context } from '../context.ts';
import type { DescribedCommand, Start } from './options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.exitCodes = [0, 1, 2, 4, 7, 130, 143];
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context): Promise<number> {
  const { output, redactor } = context;
  const { examine } = await import('../doctor/examine.ts');
  const { findings, exitCode } = await examine(context);
  const checks = findings.map(({ name, status, message, hint }) => ({
    name,
    status,
    message: redactor.apply(message),
    hint: hint === null ? null : redactor.apply(hint),
  }));
  if (output.isJson) {
    await output.record({ ok: exitCode === 0, checks });
    return exitCode;
  }
  await output.list(
    ['check', 'status', 'found'],
    checks.map(({ name, status, message }) => ({ check: name, status, found: message })),
  );
  for (const { name, hint } of checks) {
    if (hint !== null) output.note('to_do', `${name}: ${hint}`);
  }
  return exitCode;
}

const HELP = `
Looks at the environment, the settings, the key and the way to the API address,
and changes nothing. It opens a connection to the API address and sends no
request, so it cannot tell whether the key is accepted. A key command is run if
its key is the one in effect.

An error keeps commands from working, a warning may. What to do about each is a
note on stderr, or "hint" with --json.

Output with --json: {"ok","checks":[{"name","status","message","hint"}]}
  status: ok, warning, error, skipped
The result stands on stdout also when the exit code is not 0.

Exit codes: 0 no error (warnings are none), else what a command would end with
for the first error: 1 settings or files, 2 a bad value in the environment,
4 key, 7 no connection; 130 Ctrl-C

Examples:
  $ oxhost doctor
  $ oxhost doctor --json | jq '.checks[] | select(.status == "error")'`;
