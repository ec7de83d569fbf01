import type { Settings } from '../settings.ts';
import type { OutputStream, System } from '../system.ts';
import type { Output } from './output.ts';
import { replacing, wantsColor } from './style.ts';

/** Shows what is being waited for; a no-op where nothing may move. */
export type Say = (text: string) => void;

/** Runs the work under a spinner on a terminal, in silence elsewhere. */
export async function withActivity<Value>(
  { output, settings, system }: { output: Output; settings: Settings; system: System },
  text: string,
  work: (say: Say) => Promise<Value>,
): Promise<Value> {
  if (!output.mayAnimate) return work(() => {});
  const { default: ora } = await import('ora');
  const { stderr, env } = system;
  // It divides by the width, and some terminals say that they have none.
  const stream = replacing(stderr, (name) =>
    name === 'columns' ? stderr.columns || 80 : undefined,
  );
  const spinner = ora({
    text,
    stream: stream as NodeJS.WriteStream,
    discardStdin: false,
    isEnabled: true,
    ...(wantsColor(settings.color, env, stderr) ? {} : { color: false }),
  }).start();
  output.onLine(() => spinner.stop());
  try {
    return await work((next) => {
      spinner.text = next;
    });
  } finally {
    spinner.stop();
    output.onLine(() => {});
  }
}

export interface ProgressBar {
  /** The numbers have changed; draws when the last frame is old enough. */
  refresh(): void;
  /** Makes room for a line; the next frame comes below it. */
  clear(): void;
  /** Clears the bar for good. */
  stop(): void;
}

export interface ProgressBarOptions {
  stream: OutputStream;
  /** Milliseconds that never go back. */
  monotonic: () => number;
  /** The text for that many columns. */
  line: (columns: number) => string;
}

const FRAME_MILLISECONDS = 100;
/** Without news the time goes on all the same. */
const IDLE_MILLISECONDS = 500;

/** To the line's beginning, and nothing left below. */
const CLEAR = '\r\u001b[J';
const HIDE_CURSOR_AND_CUT = '\u001b[?25l\u001b[?7l';
const SHOW_CURSOR_AND_WRAP = '\u001b[K\r\u001b[?7h\u001b[?25h';

/**
 * A line that is drawn over and over in its place. Each frame is one write that ends with the cursor
 * visible at the line's beginning, so a kill leaves nothing to be put right; and when the terminal
 * becomes narrower and folds the line, all of it lies where it can be cleared.
 */
export function startProgressBar({ stream, monotonic, line }: ProgressBarOptions): ProgressBar {
  let lastFrame = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let isStopped = false;

  function draw(): void {
    lastFrame = monotonic();
    // The last column stays free: some terminals go to the next line when it is filled.
    const text = line(Math.max(1, (stream.columns || 80) - 1));
    stream.write(`${HIDE_CURSOR_AND_CUT}\r${text}${SHOW_CURSOR_AND_WRAP}`);
    isDrawn = true;
  }
  function clear(): void {
    if (isDrawn) stream.write(CLEAR);
    isDrawn = false;
    lastFrame = Number.NEGATIVE_INFINITY;
  }
  /** A folded line is longer than the frame that would replace it. */
  function onResize(): void {
    clear();
    draw();
  }
  const timer = setInterval(() => {
    if (monotonic() - lastFrame >= IDLE_MILLISECONDS) draw();
  }, IDLE_MILLISECONDS / 2);
  timer.unref();
  stream.on('resize', onResize);
  draw();
  return {
    refresh() {
      if (!isStopped && monotonic() - lastFrame >= FRAME_MILLISECONDS) draw();
    },
    clear,
    stop() {
      isStopped = true;
      clearInterval(timer);
      stream.removeListener('resize', onResize);
      clear();
    },
  };
}
