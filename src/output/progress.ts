import type { Settings } from '../settings.ts';
import type { System } from '../system.ts';
import type { Output } from './output.ts';
import { replacing, wantsColor } from './style.ts';

/** Tells the person what is being waited for; a no-op where nothing may move. */
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
