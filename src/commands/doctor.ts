import type { Context } from '../context.ts';
import type { DescribedCommand, Start } from './options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.exitCodes = [0, 1, 2, 4, 7, 130, 143];
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context): Promise<number> {
  const { output } = context;
  const { examine } = await import('../doctor/examine.ts');
  const { findings: checks, exitCode } = await examine(context);
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
Looks at the settings and their owner, the key and where it comes from, the API
address, the proxy, and attempts whose end is not known. Then it makes one
request without a key (HEAD /), by the code that commands use: any answer means
that the server is reached. It cannot tell whether the key is accepted.

Output with --json: {"ok","checks":[{"name","status","message","hint"}]}
  status: ok, warning, error

Exit codes: 0 no error (warnings are none), else what a command would end with
for the first error: 1 settings or files, 2 a bad value in the environment,
4 key, 7 no connection; 130 Ctrl-C

Examples:
  $ oxhost doctor
  $ oxhost doctor --json | jq '.checks[] | select(.status == "error")'`;
