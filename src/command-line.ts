import { CommanderError } from 'commander';
import type { Start } from './commands/options.ts';
import type { System } from './context.ts';
import { toReport } from './errors.ts';
import { Output } from './output/output.ts';
import { createRedactor } from './output/redact.ts';
import { createStyle, wantsColor } from './output/style.ts';
import { createProgram } from './program.ts';
import { openSession } from './session.ts';
import { type GlobalFlags, resolveSettings } from './settings.ts';
import { usageError } from './usage.ts';
import { VERSION } from './version.ts';

/** Parses and runs one command line; the only catch-all. @returns the exit code. */
export async function runCommandLine(system: System): Promise<number> {
  const stop = new AbortController();
  const helpTexts: string[] = [];
  let output = provisionalOutput(system);
  let exitCode = 0;

  const start: Start = (command, run) => {
    command.action(async () => {
      const flags: GlobalFlags = {};
      for (let level = command.parent; level !== null; level = level.parent) {
        Object.assign(flags, { ...level.opts(), ...flags });
      }
      const settings = resolveSettings({ ...flags, ...command.opts() }, system.env);
      const session = openSession(system, settings, stop.signal);
      output = session.context.output;
      try {
        exitCode = (await run(session.context, command.opts() as never, command.args)) ?? 0;
      } finally {
        await session.close();
      }
    });
  };
  const program = createProgram({
    start,
    stdout: system.stdout,
    print: (text) => helpTexts.push(text),
    styleTitle: createStyle(wantsColor('auto', system.env, system.stdout)).heading,
  });
  const world = watch(system, stop, (warning) => {
    if (/Deprecat|Experimental/.test(warning.name)) output.debug(warning.message);
    else output.warning('node', warning.message);
  });
  try {
    await Promise.race([
      program.parseAsync(helpAsFlag(system.args), { from: 'user' }),
      world.ended,
    ]);
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && /^commander\.help/.test(thrown.code)) {
      return await print(output, helpTexts.join(''));
    }
    if (thrown instanceof CommanderError && thrown.code === 'commander.version') {
      return await print(output, `${VERSION}\n`);
    }
    return fail(output, thrown instanceof CommanderError ? usageError(thrown) : thrown);
  } finally {
    world.release();
  }
}

async function print(output: Output, text: string): Promise<number> {
  try {
    await output.write(text);
    return 0;
  } catch (error) {
    return fail(output, error);
  }
}

function fail(output: Output, thrown: unknown): number {
  const report = toReport(thrown);
  output.error(report);
  return report.exit_code;
}

/** `oxhost help plesk client` is `oxhost plesk client --help`. */
function helpAsFlag(args: readonly string[]): string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : [...args];
}

/** Before the command line is understood, and if it is not: JSON or text, as far as one can tell. */
function provisionalOutput(system: System): Output {
  const end = system.args.indexOf('--');
  const flags = end === -1 ? system.args : system.args.slice(0, end);
  const settings = {
    json: flags.includes('--json') || system.env['OXHOST_OUTPUT'] === 'json',
    fields: null,
    quiet: false,
    debug: false,
    color: flags.includes('--no-color') ? 'never' : 'auto',
  } as const;
  return new Output({ ...streams(system), settings, env: system.env, redactor: createRedactor() });
}

function streams({ stdout, stderr }: System) {
  return { stdout, stderr };
}

/**
 * Signals, Node's warnings and what nothing caught. The first signal asks the command to stop, a
 * second one ends the run at once.
 */
function watch(system: System, stop: AbortController, onWarning: (warning: Error) => void) {
  const releases: (() => void)[] = [];
  const ended = new Promise<never>((_resolve, reject) => {
    releases.push(
      system.onCrash(reject),
      system.onWarning(onWarning),
      system.onSignal((name) => {
        if (stop.signal.aborted) reject(stop.signal.reason);
        else stop.abort(name);
      }),
    );
  });
  return {
    ended,
    release() {
      for (const release of releases) release();
    },
  };
}
