import type { Context } from '../context.ts';
import { wantsColor } from './style.ts';

/** Tells the person what is being waited for; a no-op where nothing may move. */
export type Say = (text: string) => void;

/** Runs the work under a spinner on a terminal, in silence elsewhere. */
export async function withActivity<Value>(
  context: Pick<Context, 'output' | 'settings' | 'system'>,
  text: string,
  work: (say: Say) => Promise<Value>,
): Promise<Value> {
  const { output, settings, system } = context;
  if (!output.mayAnimate) return work(() => {});
  const { startSpinner } = await import('./progress.ts');
  const colored = wantsColor(settings.color, system.env, system.stderr);
  const spinner = startSpinner(text, system.stderr, colored);
  output.onLine(() => spinner.stop());
  try {
    return await work((next) => spinner.say(next));
  } finally {
    spinner.stop();
    output.onLine(() => {});
  }
}
