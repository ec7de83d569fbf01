import type { Context } from '../../context.ts';
import { startProgressBar } from '../../output/progress-bar.ts';
import { type ProgressState, passedTenth, progressLine, progressText } from './progress-line.ts';

/** Shows how far a run is: a bar on a terminal, else a line at each tenth, or nothing. */
export interface Progress {
  /** Something in the state has changed. */
  refresh(): void;
  stop(): void;
}

/** @param state called for each frame; `rate` is that of rows which were not skipped. */
export function startProgress(
  { output, settings, system }: Pick<Context, 'output' | 'settings' | 'system'>,
  state: () => Omit<ProgressState, 'rate'> & { readonly skipped: number },
): Progress {
  if (output.isJson || settings.quiet) return { refresh() {}, stop() {} };
  const began = system.monotonic();
  const measured = (): ProgressState => {
    const { skipped, ...current } = state();
    const seconds = (system.monotonic() - began) / 1000;
    return { ...current, rate: seconds < 1 ? null : (current.done - skipped) / seconds };
  };
  if (output.mayAnimate) {
    const bar = startProgressBar({
      stream: system.stderr,
      monotonic: () => system.monotonic(),
      line: (columns) => progressLine(measured(), columns),
    });
    output.onLine(() => bar.clear());
    return {
      refresh: () => bar.refresh(),
      stop() {
        bar.stop();
        output.onLine(() => {});
      },
    };
  }
  let shown = -1;
  const show = () => {
    const current = measured();
    shown = current.done;
    output.note('progress', progressText(current));
  };
  show();
  return {
    refresh() {
      const { done, total } = state();
      if (passedTenth(shown, done, total)) show();
    },
    stop() {
      if (state().done > shown) show();
    },
  };
}
