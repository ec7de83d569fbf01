import {
  createPrompt,
  isEnterKey,
  makeTheme,
  type Status,
  useKeypress,
  usePrefix,
  useState,
} from '@inquirer/core';
import inquirer from 'inquirer';
import { OxhostError } from './errors.ts';
import type { InputStream, OutputStream } from './system.ts';

const NO_VALUE = 'Please give a value.';

/** A password: nothing of it is shown, and a wrong one is gone, since nobody could correct it. */
const hidden = createPrompt<string, { message: string; check: Check; doubt: Check }>(
  ({ message, check, doubt }, done) => {
    const [status, setStatus] = useState<Status>('idle');
    const [answer, setAnswer] = useState('');
    const [problem, setProblem] = useState<string | null>(null);
    const [doubted, setDoubted] = useState<string | null>(null);
    const prefix = usePrefix({ status });
    useKeypress((key, line) => {
      if (status !== 'idle') return;
      if (!isEnterKey(key)) {
        setAnswer(line.line);
        if (doubted === null) setProblem(null);
        return;
      }
      setAnswer('');
      const isMeant = doubted !== null && /^y(?:es)?$/i.test(answer.trim());
      const found = doubted === null ? check(answer) : null;
      const doubts = doubted === null && found === null && answer !== '' ? doubt(answer) : null;
      setDoubted(doubts === null ? null : answer);
      setProblem(found ?? doubts);
      if (found !== null || doubts !== null || (doubted !== null && !isMeant)) return;
      setStatus('done');
      done(doubted ?? answer);
    });
    const { style } = makeTheme();
    const text = `${prefix} ${style.message(message, status)}`;
    if (status === 'done') return text;
    const shown = `${text} ${style.help('[not shown]')}`;
    if (problem === null) return shown;
    // Whoever types another password here must not see it.
    const typed = /^(?:y|ye|yes|n|no)$/i.test(answer) ? answer : '';
    const asks = doubted === null ? '' : `\nUse it anyway? (y/N) ${typed}`;
    return [shown, `${style.error(problem)}${asks}`];
  },
);

/** Says what is wrong with an answer, or null. */
export type Check = (answer: string) => string | null;

/** Asks a person; drawn on stderr, so that stdout stays data. */
export interface Prompter {
  text(question: string, options?: { required?: boolean; check?: Check }): Promise<string>;
  /** Shows nothing of the answer and asks twice, or once where there is nothing to mistype. */
  secret(question: string, options?: SecretOptions): Promise<string>;
  confirm(question: string): Promise<boolean>;
  /** One of a few; none is marked beforehand but the first. */
  select(question: string, choices: readonly string[]): Promise<string>;
}

export interface SecretOptions {
  twice?: boolean;
  check?: Check;
  /** Why an answer is probably not meant, or null; then the person is asked whether to use it. */
  doubt?: Check;
  /** Enter alone is an answer. */
  mayBeEmpty?: boolean;
}

export interface PrompterOptions {
  stdin: InputStream;
  stderr: OutputStream;
  signal: AbortSignal;
}

/** Every question throws OxhostError `cancelled` on Ctrl-C, Ctrl-D, and when the terminal goes away. */
export function createPrompter({ stdin, stderr, signal }: PrompterOptions): Prompter {
  async function ask<Answer>(
    question: Record<string, unknown>,
    onContinued = () => {},
  ): Promise<Answer> {
    if (signal.aborted) throw cancelled(signal);
    const watch = watchForEnd(stdin, onContinued);
    const prompt = inquirer.createPromptModule({
      input: stdin,
      output: stderr,
      signal: AbortSignal.any([signal, watch.ended]),
    });
    prompt.registerPrompt('hidden', hidden as never);
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

  const askHidden = (message: string, check: Check, doubt: Check, onContinued: () => void) =>
    ask<string>({ type: 'hidden', message, check, doubt }, onContinued);
  const confirm = (message: string) => ask<boolean>({ type: 'confirm', message, default: false });

  return {
    text: (message, { required = false, check = () => null } = {}) =>
      ask<string>({
        type: 'input',
        message,
        validate: (answer: string) => {
          if (answer.trim() === '') return required ? NO_VALUE : true;
          return check(answer) ?? true;
        },
      }),
    async secret(
      message,
      { twice = true, check = () => null, doubt = () => null, mayBeEmpty = false } = {},
    ) {
      const echo = keepEchoOff(stdin);
      const checkFirst = (answer: string) => {
        if (answer === '') return mayBeEmpty ? null : NO_VALUE;
        return check(answer);
      };
      try {
        for (;;) {
          const first = await askHidden(message, checkFirst, doubt, echo.renew);
          if (!twice || first === '') return first;
          const isSame = (answer: string) =>
            answer === first || answer === ''
              ? null
              : 'It differs from the first. Enter alone begins again.';
          const again = await askHidden('Repeat the password', isSame, () => null, echo.renew);
          if (again === first) return first;
        }
      } finally {
        echo.release();
      }
    },
    confirm,
    select: (message, choices) =>
      ask<string>({
        type: 'select',
        message,
        choices: choices.map((value) => ({ name: value, value })),
      }),
  };
}

/**
 * Between two questions the terminal would echo for a moment: long enough to show a pasted secret.
 * Until it is released, nobody can switch raw mode off.
 */
function keepEchoOff(stdin: InputStream) {
  const terminal = stdin as InputStream & Partial<Pick<NodeJS.ReadStream, 'setRawMode'>>;
  const { setRawMode } = terminal;
  if (terminal.isTTY !== true || setRawMode === undefined) {
    return { release: () => {}, renew: () => {} };
  }
  const set = (mode: boolean) => setRawMode.call(terminal as NodeJS.ReadStream, mode);
  terminal.setRawMode = (mode) => (mode ? set(true) : (terminal as NodeJS.ReadStream));
  return {
    release() {
      terminal.setRawMode = setRawMode;
      set(false);
    },
    /** After Ctrl-Z the shell has set the terminal its own way, and Node believes it is raw still. */
    renew() {
      set(false);
      set(true);
    },
  };
}

/**
 * On Ctrl-D, and when the terminal goes away, readline lets go of its input and says nothing: the
 * question would stay open until Node finds nothing left to do and ends with exit code 0.
 */
function watchForEnd(stdin: InputStream, onContinued: () => void) {
  const end = new AbortController();
  let isOver = false;
  // An answer lets go of the input too; it comes first.
  const later = (look: () => void) => () =>
    setImmediate(() => {
      if (!isOver) look();
    });
  const onEnd = later(() => end.abort());
  let isLeft = false;
  const onRemoved = (event: string) => {
    if (event !== 'keypress') return;
    isLeft = true;
    onEnd();
  };
  // When the process goes on after Ctrl-Z, readline pauses its input too, but listens still.
  const onPause = later(() => {
    if (isLeft) return;
    onContinued();
    stdin.resume();
  });
  const listeners = { end: onEnd, close: onEnd, pause: onPause, removeListener: onRemoved };
  for (const [event, listener] of Object.entries(listeners)) stdin.on(event, listener);
  return {
    ended: end.signal,
    release() {
      isOver = true;
      for (const [event, listener] of Object.entries(listeners)) stdin.off(event, listener);
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
