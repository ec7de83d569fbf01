import { spawn } from 'node:child_process';
import { OxhostError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import type { System } from '../system.ts';

const LONGEST_MILLISECONDS = 60_000;
const LONGEST_KEY = 8_192;

/**
 * Runs a key command in the user's shell and gives what it prints. Its stderr is passed on
 * to people; in JSON mode it is kept back, since it is no JSON.
 * @param name what messages call it.
 * @param longest milliseconds until it is given up.
 * @throws OxhostError `no_api_key` when it fails, hangs or prints far too much, `cancelled` when
 * aborted.
 */
export async function runKeyCommand(
  command: string,
  name: string,
  system: Pick<System, 'env' | 'stdin' | 'stderr'>,
  output: Pick<Output, 'isJson'>,
  signal: AbortSignal,
  longest = LONGEST_MILLISECONDS,
): Promise<string> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(longest)]);
  const { fault, printed } = await new Promise<{ fault: string; printed: string }>((resolve) => {
    const child = spawn(command, {
      shell: true,
      env: system.env as NodeJS.ProcessEnv,
      // A terminal for its questions; never what a pipe holds for us.
      stdio: [system.stdin.isTTY === true ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let text = '';
    const end = (fault: string) => {
      // What the shell started may live on and hold the pipes open: nobody waits for it.
      child.kill();
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ fault, printed: text });
    };
    const onOver = () => end(`it took longer than ${longest / 1000} seconds`);
    over.addEventListener('abort', onOver, { once: true });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_KEY) end(`it printed more than ${LONGEST_KEY} characters`);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (!output.isJson) system.stderr.write(chunk);
    });
    child.once('error', (error) => end(error.message));
    child.once('close', (status, killed) =>
      end(killed ?? (status === 0 ? '' : `exit code ${status}`)),
    );
    if (over.aborted) onOver();
  });
  if (signal.aborted) {
    throw new OxhostError('cancelled', 'Stopped before anything was sent.', {
      exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
    });
  }
  if (fault === '') return printed;
  throw new OxhostError('no_api_key', `${name} did not give a key (${fault}).`, {
    hint: 'Run the command by hand: it must print the key alone and end with exit code 0.',
  });
}
