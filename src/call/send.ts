import type { ApiClient, Settled } from '../api/client.ts';
import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { type Say, withActivity } from '../output/progress.ts';
import type { Values } from './flags.ts';

/** One call under a spinner, which says why when it has to wait. */
export function sendCall(
  context: Context,
  api: ApiClient,
  operation: Operation,
  values: Values,
): Promise<Settled> {
  const { activity, which } = operation.words;
  return withActivity(context, `${activity}${which?.(values) ?? ''}`, (say) =>
    api.call(operation, values, {
      signal: context.signal,
      onWait: tellWaits(context, say),
    }),
  );
}

/** A person sees each pause before a repeat, in the spinner or by a note; a pipe with --debug. */
export function tellWaits(
  { output, system }: Context,
  say: Say,
): (seconds: number, reason: string) => void {
  return (seconds, reason) => {
    const text = `Waiting ${Math.ceil(seconds)} s: ${reason}`;
    say(text);
    if (output.mayAnimate) return;
    if (system.stderr.isTTY === true && !output.isJson) output.note('waiting', text);
    else output.debug(text);
  };
}
