import type { OutputStream } from '../system.ts';

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

const CLEAR_TO_END_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/**
 * A line that is drawn over and over in its place. ora would draw it too, but at its own pace, and
 * counts lines by the width that the terminal had before; a bar library brings more than this.
 *
 * Each frame is one write that ends with the cursor visible at the line's beginning. So a kill
 * leaves nothing to be put right; and when the terminal becomes narrower and folds the line, all
 * of it lies at or below the cursor, where it can be cleared. A frame that was made for more
 * columns than there are by the time it comes is cut off by the terminal.
 */
export function startProgressBar({ stream, monotonic, line }: ProgressBarOptions): ProgressBar {
  let lastFrame = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let isStopped = false;

  function draw(): void {
    lastFrame = monotonic();
    // The last column stays free: some terminals go to the next line when it is filled.
    const text = line(Math.max(1, (stream.columns || 80) - 1));
    const frame = `\r${text}${CLEAR_TO_END_OF_LINE}\r`;
    stream.write(`${HIDE_CURSOR}${NO_WRAP}${frame}${WRAP}${SHOW_CURSOR}`);
    isDrawn = true;
  }
  function clear(): void {
    if (!isDrawn) return;
    stream.write(`\r${CLEAR_BELOW}`);
    isDrawn = false;
    lastFrame = Number.NEGATIVE_INFINITY;
  }
  /** A folded line is longer than the frame that would replace it. */
  function onResize(): void {
    if (isDrawn) stream.write(`\r${CLEAR_BELOW}`);
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
