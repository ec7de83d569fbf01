import type { Context } from '../context.ts';
import type { CommandHelp, DescribedCommand, Start } from './options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
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

const ABOUT: CommandHelp = {
  notes: `Looks at the settings and their owner, the key and where it comes from, the API
address, the proxy, and attempts whose end is not known. Then it makes one
request without a key (HEAD /), by the code that commands use: any answer means
that the server is reached. It cannot tell whether the key is accepted.`,
  output: `{"ok", "checks": [{"name", "status", "message", "hint"}]};
status: ok, warning, error`,
  exitCodes: {
    0: 'no error (warnings are none)',
    1: 'settings or files',
    2: 'a bad value in the environment',
    4: 'key',
    7: 'no connection',
  },
  examples: ['oxhost doctor', `oxhost doctor --json | jq '.checks[] | select(.status == "error")'`],
  reach: ['json', 'result', 'key', 'call'],
};
