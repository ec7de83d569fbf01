import ora from 'ora';
import type { OutputStream } from '../system.ts';

export interface Spinner {
  say(text: string): void;
  stop(): void;
}

/** The spinner divides by the width, and some terminals say that they have none. */
function withWidth(stream: OutputStream): OutputStream {
  return new Proxy(stream, {
    get(target, name) {
      if (name === 'columns') return target.columns || 80;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Draws on the given terminal until it is stopped; never touches stdin. */
export function startSpinner(text: string, stream: OutputStream, colored: boolean): Spinner {
  const spinner = ora({
    text,
    stream: withWidth(stream) as NodeJS.WriteStream,
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
