import ora from 'ora';
import type { OutputStream } from '../context.ts';

export interface Spinner {
  say(text: string): void;
  stop(): void;
}

/** Draws on the given terminal until it is stopped; never touches stdin. */
export function startSpinner(text: string, stream: OutputStream, colored: boolean): Spinner {
  const spinner = ora({
    text,
    stream: stream as NodeJS.WriteStream,
    discardStdin: false,
    isEnabled: true,
    ...(colored ? {} : { color: false }),
  }).start();
  return {
    say(next) {
      spinner.text = next;
    },
    stop() {
      spinner.stop();
    },
  };
}
