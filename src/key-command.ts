import { spawn } from 'node:child_process';
import type { System } from './context.ts';
import { OxhostError } from './errors.ts';
import type { Output } from './output/output.ts';

const LONGEST_MILLISECONDS = 60_000;
const LONGEST_KEY = 8_192;

/**
 * Runs `OXHOST_KEY_COMMAND` in the user's shell and gives what it prints. Its stderr is passed on
 * to people; in JSON mode it is kept back, since it is no JSON.
 * @throws OxhostError `no_api_key` when it fails, hangs or prints far too much.
 */
export async function runKeyCommand(
  command: string,
  system: Pick<System, 'env' | 'stderr'>,
  output: Pick<Output, 'isJson'>,
  signal: AbortSignal,
): Promise<string> {
  const { code, printed } = await new Promise<{ code: string; printed: string }>((resolve) => {
    const child = spawn(command, {
      shell: true,
      env: system.env as NodeJS.ProcessEnv,
      stdio: ['inherit', 'pipe', 'pipe'],
      timeout: LONGEST_MILLISECONDS,
      signal,
      windowsHide: true,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_KEY) child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (!output.isJson) system.stderr.write(chunk);
    });
    child.once('error', (error) => resolve({ code: error.message, printed: '' }));
    child.once('close', (status, killed) => {
      resolve({ code: killed ?? (status === 0 ? '' : `exit code ${status}`), printed: text });
    });
  });
  if (code === '') return printed;
  throw new OxhostError('no_api_key', `OXHOST_KEY_COMMAND did not give a key (${code}).`, {
    hint: 'Run the command by hand: it must print the key alone and end with exit code 0.',
  });
}
