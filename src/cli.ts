import { type Command, CommanderError } from 'commander';
import { givenFlags, type Start } from './commands/options.ts';
import type { OpenContext } from './context.ts';
import { type ErrorReport, OxhostError, toReport } from './errors.ts';
import { isHelpTopic } from './help/reference.ts';
import { usageError } from './help/usage.ts';
import type { Redactor } from './output/masking.ts';
import { Output } from './output/output.ts';
import { createStyle, wantsColor } from './output/style.ts';
import { createProgram, PATHS, ROWS } from './program.ts';
import { type GlobalFlags, resolveSettings, type Settings, variable } from './settings.ts';
import type { System } from './system.ts';
import { VERSION } from './version.ts';

/** Parses and runs one command line; the only catch-all. @returns the exit code. */
export async function runCommandLine(system: System): Promise<number> {
  const stop = new AbortController();
  let helpOf: Command | undefined;
  const provisional = provisionalOutput(system);
  let output = provisional;
  let opened: OpenContext | undefined;
  let creates = false;
  let exitCode = 0;

  const start: Start = (command, run) => {
    command.action(async () => {
      const flags: GlobalFlags = {};
      for (let level = command.parent; level !== null; level = level.parent) {
        Object.assign(flags, { ...level.opts(), ...flags });
      }
      const settings = resolveSettings({ ...flags, ...command.opts() }, system.env);
      const { openContext } = await import('./context.ts');
      opened = openContext(system, settings, stop.signal, givenFlags(command));
      const { context, close } = opened;
      output = context.output;
      try {
        exitCode = (await run(context, command.opts() as never, command.args)) ?? 0;
      } finally {
        await close();
      }
    });
  };
  const program = createProgram({
    start,
    enter: (command) => {
      creates = command.creates ?? false;
    },
    showHelp: (command) => {
      helpOf = command;
    },
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
      return await print(output, helpOf === undefined ? '' : await helpFor(system, helpOf));
    }
    if (thrown instanceof CommanderError && thrown.code === 'commander.version') {
      return await print(output, `${VERSION}\n`);
    }
    if (!creates && wantsNoMore(thrown)) return 0;
    if (thrown instanceof OxhostError && thrown.details.isAnswer === true) {
      output.note('cancelled', thrown.message);
      return toReport(thrown).exit_code;
    }
    const isUsage = thrown instanceof CommanderError;
    const report = toReport(isUsage ? usageError(thrown, system.args, PATHS) : thrown);
    return fail(output, creates ? withOutcome(report, opened?.mayHaveSent ?? false) : report);
  } finally {
    world.release();
    for (const each of [provisional, output]) await each.drained();
  }
}

/** A create never ends without a word on what became of it, whatever the error did not say. */
function withOutcome(report: ErrorReport, mayHaveSent: boolean): ErrorReport {
  if (report.outcome !== null) return report;
  return mayHaveSent
    ? { ...report, outcome: 'unknown', retry: 'check_first' }
    : { ...report, outcome: 'not_created' };
}

async function helpFor({ env, args, stdout }: System, command: Command): Promise<string> {
  const { helpPage } = await import('./commands/help/page.ts');
  const style = createStyle(wantsColor(provisionalColor(args), env, stdout));
  return helpPage(command, ROWS, stdout, style.heading);
}

async function print(output: Output, text: string): Promise<number> {
  try {
    await output.write(text);
    return 0;
  } catch (error) {
    return wantsNoMore(error) ? 0 : fail(output, toReport(error));
  }
}

/** `oxhost help json | head -1`: nothing is lost that the reader wanted. */
function wantsNoMore(thrown: unknown): boolean {
  return thrown instanceof OxhostError && thrown.details.isBrokenPipe === true;
}

function fail(output: Output, report: ErrorReport): number {
  output.error(report);
  return report.exit_code;
}

/** `oxhost help plesk client` is `oxhost plesk client --help`; a topic has a command of its own. */
function helpAsFlag(args: readonly string[]): string[] {
  const first = args.findIndex((word) => !word.startsWith('-'));
  if (args[first] !== 'help' || isHelpTopic(args[first + 1])) return [...args];
  return [...args.slice(0, first), ...args.slice(first + 1), '--help'];
}

/** No key and no password is known yet. */
const NO_SECRETS: Redactor = {
  add: () => {},
  remove: () => {},
  apply: (text) => text,
};

/** Before the command line is understood, and if it is not: JSON or text, as far as one can tell. */
function provisionalOutput(system: System): Output {
  const color = provisionalColor(system.args);
  const json =
    flagsOf(system.args).includes('--json') || variable(system.env, 'OXHOST_OUTPUT') === 'json';
  const settings = { json, fields: null, get: null, quiet: false, debug: false, color };
  return new Output({ system, settings, redactor: NO_SECRETS });
}

/** The same for colour, also of the help. */
function provisionalColor(args: System['args']): Settings['color'] {
  const text = `${flagsOf(args).join(' ')} `;
  if (text.includes('--no-color ') || /--color[= ]never /.test(text)) return 'never';
  return /--color[= ]always /.test(text) ? 'always' : 'auto';
}

function flagsOf(args: System['args']): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
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
        if (!stop.signal.aborted) return stop.abort(name);
        const exitCode = name === 'SIGTERM' ? 143 : 130;
        reject(
          new OxhostError('cancelled', 'Stopped at once; what was under way was not waited for.', {
            exitCode,
          }),
        );
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
