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

/** Every question throws OxhostError `cancelled` on Ctrl-C, and when the terminal goes away. */
export function createPrompter({ stdin, stderr, signal }: PrompterOptions): Prompter {
  const prompt = inquirer.createPromptModule({
    input: stdin as NodeJS.ReadableStream,
    output: stderr,
    signal,
  });

  async function ask<Answer>(question: Record<string, unknown>): Promise<Answer> {
    if (signal.aborted) throw cancelled(signal);
    try {
      const answers = await prompt<{ answer: unknown }>([{ ...question, name: 'answer' }] as never);
      return answers.answer as Answer;
    } catch (error) {
      if (isEndOfPrompt(error) || signal.aborted) throw cancelled(signal);
      throw error;
    }
  }

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
      for (;;) {
        const first = await ask<string>({
          type: 'password',
          message,
          mask: false,
          validate: (answer: string) =>
            answer === '' ? 'Please give a value.' : (check(answer) ?? true),
        });
        if (!twice) return first;
        const second = await ask<string>({
          type: 'password',
          message: 'The same once more',
          mask: false,
        });
        if (first === second) return first;
        stderr.write('The two differ; please give both again.\n');
      }
    },
    confirm: (message) => ask<boolean>({ type: 'confirm', message, default: false }),
  };
}

function isEndOfPrompt(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name)
  );
}

function cancelled(signal: AbortSignal): OxhostError {
  return new OxhostError('cancelled', 'Stopped; nothing was sent.', {
    exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
  });
}
