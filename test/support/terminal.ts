import { spawnSync } from 'node:child_process';
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal as Emulator } from '@xterm/headless';
import { bytesOf, type Key } from './keys.ts';
import { type Environment, environment, occurs, SECONDS_TO_WAIT } from './process.ts';
import { type TerminalState, terminalState, watchCursor } from './terminal-state.ts';

export * from './terminal-state.ts';

export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** On top of PATH and HOME; TERM is xterm-256color unless given. */
  readonly env?: Environment;
  readonly columns?: number;
  readonly rows?: number;
}

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
  waitFor(wanted: string | RegExp, seconds?: number): Promise<void>;
  /** How the kernel's terminal is set now; `undefined` once the program has ended. */
  state(): TerminalState | undefined;
  echoIsOn(): boolean | undefined;
  cursorIsVisible(): boolean;
  /** Kills what still runs in it. */
  close(): Promise<void>;
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { columns = 80, rows = 24 } = options;
  const pty = spawn(options.command, [...(options.args ?? [])], {
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: environment({ TERM: 'xterm-256color', ...options.env }),
    // Bytes, so that a character cut in two by a read is the emulator's business.
    encoding: null,
  });
  const emulator = new Emulator({
    cols: columns,
    rows,
    scrollback: 10_000,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const cursor = watchCursor(emulator);
  const chunks: Buffer[] = [];
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
  const exited = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      ended = true;
      emulator.write('', () => {
        resolve({ exitCode, signal: signal === 0 ? undefined : signal });
      });
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
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }
  const screen = () => text(emulator.buffer.active.baseY, false);
  const scrollback = () => text(0, false);

  function waitFor(wanted: string | RegExp, seconds = SECONDS_TO_WAIT): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        finish(new Error(`${wanted} did not appear: ${why}; the screen:\n${screen()}`));
      const look = () => {
        if (occurs(scrollback(), wanted) || occurs(text(0, true), wanted)) finish();
      };
      const timer = setTimeout(() => fail(`${seconds} s are over`), seconds * 1000);
      function finish(error?: Error): void {
        clearTimeout(timer);
        watchers.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      }
      watchers.add(look);
      void exited.then(({ exitCode }) => {
        look();
        fail(`the program has ended with ${exitCode}`);
      });
      look();
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

  return {
    pid: pty.pid,
    get raw() {
      return Buffer.concat(chunks).toString('utf8');
    },
    exited,
    type: (typed) => pty.write(typed),
    press: (...keys) => {
      for (const key of keys) pty.write(bytesOf(key, emulator.modes.applicationCursorKeysMode));
    },
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    screen,
    scrollback,
    waitFor,
    state,
    echoIsOn: () => state()?.echo,
    cursorIsVisible: () => cursor.visible,
    close,
    [Symbol.asyncDispose]: close,
  };
}
