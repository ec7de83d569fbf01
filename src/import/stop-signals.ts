import type { Context } from '../context.ts';
import { countRows } from './findings.ts';

/** The first signal asks to stop, at the second one the run is gone before it could end. */
export function onStop(
  { system, signal }: Context,
  first: () => void,
  second: () => void,
): () => void {
  let hasBegun = false;
  const begin = () => {
    if (!hasBegun) first();
    hasBegun = true;
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin);
  let signals = signal.aborted ? 1 : 0;
  const release = system.onSignal(() => {
    signals += 1;
    if (signals > 1) second();
  });
  return () => {
    signal.removeEventListener('abort', begin);
    release();
  };
}

/** What stands when nothing more is waited for. Pure. */
export function leftText(inFlight: number): string {
  const count = inFlight === 1 ? 'counts' : 'count';
  const left = inFlight > 0 ? `; ${countRows(inFlight)} under way ${count} as unknown` : '';
  return `What was answered is recorded${left}. Run the same command again: it continues.`;
}
