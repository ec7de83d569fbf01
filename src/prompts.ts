import inquirer from 'inquirer';
import type { InputStream, OutputStream } from './context.ts';
import { OxhostError } from './errors.ts';

/** Says what is wrong with an answer, or null. */
export type Check = (answer: string) => string | null;

/** Asks a person; drawn on stderr, so that stdout stays data. */
export interface Prompter {
  text(question: string, options?: { required?: boolean; check?: Check }): Promise<string>;
  /** Shows nothing of the answer and asks twice, or once where there is nothing to mistype. */
  secret(question: string, options?: { twice?: boolean; check?: Check }): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

export interface PrompterOptions {
  stdin: InputStream;
  stderr: OutputStream;
  signal: AbortSignal;
}

/** Every question throws OxhostError `cancelled` on Ctrl-C, Ctrl-D, and when the terminal goes away. */
export function createPrompter({ stdin, stderr, signal }: PrompterOptions): Prompter {
  async function ask<Answer>(question: Record<string, unknown>): Promise<Answer> {
    if (signal.aborted) throw cancelled(signal);
    const watch = watchForEnd(stdin);
    const prompt = inquirer.createPromptModule({
      input: stdin,
      output: stderr,
      signal: AbortSignal.any([signal, watch.ended]),
    });
    try {
      const answers = await prompt<{ answer: unknown }>([{ ...question, name: 'answer' }] as never);
      return answers.answer as Answer;
    } catch (error) {
      if (isEndOfPrompt(error) || signal.aborted) throw cancelled(signal);
      throw error;
    } finally {
      watch.release();
    }
  }

  const askHidden = (message: string) =>
    ask<string>({ type: 'password', message, mask: false, toggleMask: false });

  return {
    text: (message, { required = false, check = () => null } = {}) =>
      ask<string>({
        type: 'input',
        message,
        validate: (answer: string) => {
          if (answer.trim() === '') return required ? 'Please give a value.' : true;
          return check(answer) ?? true;
        },
      }),
    async secret(message, { twice = true, check = () => null } = {}) {
      const release = keepEchoOff(stdin);
      try {
        for (;;) {
          const first = await askHidden(message);
          // Not by inquirer, which would keep the bad answer where nobody sees it.
          const problem = first === '' ? 'Please give a value.' : check(first);
          if (problem === null && !twice) return first;
          if (problem === null && first === (await askHidden('The same once more'))) return first;
          stderr.write(`${problem ?? 'The two differ; please give both again.'}\n`);
        }
      } finally {
        release();
      }
    },
    confirm: (message) => ask<boolean>({ type: 'confirm', message, default: false }),
  };
}

/**
 * Between two questions the terminal would echo for a moment: long enough to show a pasted secret.
 * Until it is released, nobody can switch raw mode off.
 */
function keepEchoOff(stdin: InputStream): () => void {
  const terminal = stdin as InputStream & Partial<Pick<NodeJS.ReadStream, 'setRawMode'>>;
  const { setRawMode } = terminal;
  if (terminal.isTTY !== true || setRawMode === undefined) return () => {};
  const set = (mode: boolean) => setRawMode.call(terminal as NodeJS.ReadStream, mode);
  terminal.setRawMode = (mode) => (mode ? set(true) : (terminal as NodeJS.ReadStream));
  return () => {
    terminal.setRawMode = setRawMode;
    set(false);
  };
}

/**
 * On Ctrl-D, and when the terminal goes away, readline lets go of its input and says nothing: the
 * question would stay open until Node finds nothing left to do and ends with exit code 0.
 */
function watchForEnd(stdin: InputStream) {
  const end = new AbortController();
  // An answer lets go of the input too; it comes first.
  const onEnd = () => setImmediate(() => end.abort());
  const events = ['pause', 'end', 'close'];
  for (const event of events) stdin.on(event, onEnd);
  return {
    ended: end.signal,
    release() {
      for (const event of events) stdin.off(event, onEnd);
    },
  };
}

function isEndOfPrompt(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name)
  );
}

function cancelled(signal: AbortSignal): OxhostError {
  return new OxhostError('cancelled', 'Stopped before anything was sent.', {
    exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
  });
}
