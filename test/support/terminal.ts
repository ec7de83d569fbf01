import { spawnSync } from 'node:child_process';
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal as Emulator } from '@xterm/headless';
import { type Environment, environment, occurs, waitUntil } from './process.ts';

export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** On top of PATH and HOME; TERM is xterm-256color unless given. */
  readonly env?: Environment;
  readonly columns?: number;
  readonly rows?: number;
}

const KEYS = {
  ...{ enter: '\r', 'ctrl-c': '\x03', 'ctrl-d': '\x04', 'ctrl-z': '\x1a', backspace: '\x7f' },
  ...{ tab: '\t', escape: '\x1b', space: ' ' },
} as const;
const ARROWS = { up: 'A', down: 'B', right: 'C', left: 'D' } as const;

type Key = keyof typeof KEYS | keyof typeof ARROWS;

/** A program in a real pseudo-terminal, and the emulator that shows what it draws. */
export interface Terminal extends AsyncDisposable {
  readonly pid: number;
  /** All that the program sent so far, control sequences included. */
  readonly raw: string;
  /** Resolves when the program has ended and all its output is on the screen. */
  readonly exited: Promise<{ exitCode: number; signal: number | undefined }>;
  type(text: string): void;
  press(...keys: Key[]): void;
  resize(columns: number, rows: number): void;
  /** What a person sees: lines trimmed on the right, without the empty ones below the last. */
  screen(): string;
  /** The same with all that has scrolled out at the top. */
  scrollback(): string;
  /**
   * Resolves when the screen or what scrolled off it has the text; a text that the terminal broke
   * over two lines counts. Rejects, with the screen, when the time is over or the program has ended.
   */
  waitFor(wanted: string | RegExp): Promise<void>;
  /** How the kernel's terminal is set now; `undefined` once the program has ended. */
  state(): TerminalState | undefined;
  cursorIsVisible(): boolean;
  /** Kills what still runs in it. */
  close(): Promise<void>;
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { columns: cols = 80, rows = 24 } = options;
  const pty = spawn(options.command, [...(options.args ?? [])], {
    ...{ cols, rows, cwd: options.cwd ?? process.cwd() },
    env: environment({ TERM: 'xterm-256color', ...options.env }),
    // Bytes, so that a character cut in two by a read is the emulator's business.
    encoding: null,
  });
  const settings = { scrollback: 10_000, allowProposedApi: true, logLevel: 'off' } as const;
  const emulator = new Emulator({ cols, rows, ...settings });
  const chunks: Buffer[] = [];
  const raw = () => Buffer.concat(chunks).toString('utf8');
  const watchers = new Set<() => void>();
  let ended = false;

  pty.onData((data) => {
    const chunk = data as unknown as Buffer;
    chunks.push(chunk);
    emulator.write(chunk, () => {
      for (const watcher of watchers) watcher();
    });
  });
  // A terminal answers some questions, for example where the cursor is.
  emulator.onData((reply) => {
    if (!ended) pty.write(reply);
  });
  const exited: Terminal['exited'] = new Promise((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      ended = true;
      emulator.write('', () => resolve({ exitCode, signal: signal || undefined }));
    });
  });

  function text(firstLine: number, unwrapped: boolean): string {
    const buffer = emulator.buffer.active;
    const lines: string[] = [];
    for (let index = firstLine; index < buffer.length; index += 1) {
      const line = buffer.getLine(index);
      const nextIsWrapped = buffer.getLine(index + 1)?.isWrapped === true;
      const shown = line?.translateToString(!(unwrapped && nextIsWrapped)) ?? '';
      if (unwrapped && line?.isWrapped === true) lines.push((lines.pop() ?? '') + shown);
      else lines.push(shown);
    }
    const trimmed = lines.map((line) => line.trimEnd());
    return trimmed.join('\n').trimEnd();
  }
  const screen = () => text(emulator.buffer.active.baseY, false);
  const scrollback = () => text(0, false);

  function waitFor(wanted: string | RegExp): Promise<void> {
    return waitUntil(() => occurs(scrollback(), wanted) || occurs(text(0, true), wanted), {
      watch: (look) => watchers.add(look),
      unwatch: (look) => watchers.delete(look),
      ended: exited.then(({ exitCode }) => `the program has ended with ${exitCode}`),
      report: (why) => `${wanted} did not appear: ${why}; the screen:\n${screen()}`,
    });
  }

  function state(): TerminalState | undefined {
    if (ended) return undefined;
    // The controlling side of a pseudo-terminal has the settings of the other: nothing has to be
    // typed into it to see them.
    const { fd } = pty as IPty & { readonly fd: number };
    const { status, stdout } = spawnSync('stty', ['-a'], { stdio: [fd, 'pipe', 'ignore'] });
    return status === 0 ? terminalState(stdout.toString()) : undefined;
  }

  async function close(): Promise<void> {
    if (!ended) {
      try {
        // The program leads a session of its own: this takes the shell and what it started.
        process.kill(-pty.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      await exited;
    }
    emulator.dispose();
  }

  /** Arrows differ while a program has asked for it (DECCKM). */
  const bytesOf = (key: Key) => {
    const introducer = emulator.modes.applicationCursorKeysMode ? '\x1bO' : '\x1b[';
    return key in ARROWS
      ? introducer + ARROWS[key as keyof typeof ARROWS]
      : KEYS[key as keyof typeof KEYS];
  };
  return {
    pid: pty.pid,
    get raw() {
      return raw();
    },
    exited,
    type: (typed) => pty.write(typed),
    press: (...keys) => {
      for (const key of keys) pty.write(bytesOf(key));
    },
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    screen,
    scrollback,
    waitFor,
    state,
    cursorIsVisible: () => raw().lastIndexOf('\x1b[?25l') <= raw().lastIndexOf('\x1b[?25h'),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The settings of a terminal that a program must give back as it found them. */
export interface TerminalState {
  readonly echo: boolean;
  /** `icanon`: input comes by the line; off in raw mode. */
  readonly canonical: boolean;
  /** `isig`: Ctrl-C sends a signal; off in raw mode. */
  readonly signals: boolean;
}

/** Reads what `stty -a` prints, alone or with other text around it; throws where it is not there. */
export function terminalState(sttyOutput: string): TerminalState {
  const words = sttyOutput.split(/[\s;]+/);
  const setting = (name: string): boolean => {
    const last = words.findLast((word) => word === name || word === `-${name}`);
    if (last === undefined) throw new Error(`no ${name} in the output of stty:\n${sttyOutput}`);
    return last === name;
  };
  return { echo: setting('echo'), canonical: setting('icanon'), signals: setting('isig') };
}

/**
 * Command and arguments that run a program in a shell which outlives it, then print `[exit code]`
 * and the state that the program left the terminal in. A Ctrl-C reaches the program alone. The
 * shell stays for a while: what a busy machine has not read 200 ms after an end is thrown away.
 */
export function thenShowState(command: string, args: readonly string[] = []) {
  // A trap, unlike an ignored signal, is not inherited by the program.
  const script = `trap : INT; "$@"; printf '[%s]\\n' "$?"; stty -a; echo '[end of state]'; sleep 5`;
  return { command: 'sh', args: ['-c', script, 'sh', command, ...args] };
}
