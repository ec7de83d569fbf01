import type { System } from './system.ts';

declare const __VERSION__: string;

/**
 * Runs one command line. Never throws and never ends the process.
 * @param given the outside world; left out, it is that of this process.
 * @returns the exit code.
 */
export async function main(given?: System): Promise<number> {
  const [first, ...rest] = given?.args ?? process.argv.slice(2);
  if (rest.length === 0 && (first === '--version' || first === '-V')) {
    // Where it cannot be written, the long way says so.
    if (await isWritten((given ?? process).stdout, `${__VERSION__}\n`)) return 0;
  }
  const system = given ?? (await import('./system.ts')).systemOfProcess();
  if (first === '__complete') {
    const { answerShell } = await import('./completion/callback.ts');
    return answerShell(system);
  }
  const { runCommandLine } = await import('./cli.ts');
  return runCommandLine(system);
}

function isWritten(stream: System['stdout'], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const fail = () => resolve(false);
    stream.once('error', fail);
    stream.write(text, (error) => {
      if (error == null) stream.removeListener('error', fail);
      resolve(error == null);
    });
  });
}
