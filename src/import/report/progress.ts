import type { Context } from '../../context.ts';
import { startProgressBar } from '../../output/progress.ts';
import { formatCount } from '../findings.ts';

export interface ProgressState {
  readonly total: number;
  readonly done: number;
  readonly created: number;
  readonly refused: number;
  readonly unknown: number;
  readonly rate: number | null;
  readonly stage: string | null;
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
const SPEED_WIDTH = 16;

/** With a bar where it has room, else without the speed, cut to that many columns. Pure. */
export function progressLine(state: ProgressState, columns: number): string {
  const { total, done, stage } = state;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  // Padded, so that the bar keeps its width when the speed is known or has fewer digits.
  const end = (stage ?? speed(state)).padEnd(SPEED_WIDTH);
  const counts = `${positionOf(state, '/')}  ${percent}  ${countsOf(state)}`;
  const text = `${counts}  ${end}`;
  const room = Math.min(LONGEST_BAR, columns - text.length - 4);
  if (room >= SHORTEST_BAR) return `${bar(share, room)}  ${text}`.trimEnd();
  return text.trimEnd().length <= columns ? text.trimEnd() : counts.slice(0, columns);
}

const positionOf = ({ total, done }: ProgressState, between: string) =>
  `${formatCount(Math.min(done, total))}${between}${formatCount(total)}`;

const countsOf = ({ created, refused, unknown }: ProgressState) =>
  `${formatCount(created)} created, ${formatCount(refused)} refused, ${formatCount(unknown)} unknown`;

export function progressText(state: ProgressState): string {
  const end = state.stage ?? speed(state);
  const text = `${positionOf(state, ' of ')} rows: ${countsOf(state)}`;
  return end === '' ? text : `${text}, ${end}`;
}

function bar(share: number, width: number): string {
  const filled = Math.round(share * width);
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`;
}

function speed({ rate, total, done }: ProgressState): string {
  if (rate === null || rate <= 0) return '';
  const perSecond = rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
  return `${perSecond}/s, ${clock(Math.max(0, total - done) / rate)} left`;
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** Shows how far a run is: a bar on a terminal, else a line at each tenth, or nothing. */
export interface Progress {
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
    shown = state().done;
    output.note('progress', progressText(measured()));
  };
  show();
  return {
    refresh() {
      const { done, total } = state();
      if (Math.floor((10 * done) / total) > Math.floor((10 * shown) / total)) show();
    },
    stop() {
      if (state().done > shown) show();
    },
  };
}
