import type { Terminal as Emulator } from '@xterm/headless';

/** The settings of a terminal that a program must give back as it found them. */
export interface TerminalState {
  readonly echo: boolean;
  /** `icanon`: input comes by the line; off in raw mode. */
  readonly canonical: boolean;
  /** `isig`: Ctrl-C sends a signal; off in raw mode. */
  readonly signals: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** Reads what `stty -a` prints, alone or with other text around it; throws where it is not there. */
export function terminalState(sttyOutput: string): TerminalState {
  const words = sttyOutput.split(/[\s;]+/);
  const setting = (name: string): boolean => {
    const last = words.findLast((word) => word === name || word === `-${name}`);
    if (last === undefined) throw new Error(`no ${name} in the output of stty:\n${sttyOutput}`);
    return last === name;
  };
  const size = (name: string): number => {
    const found = [...sttyOutput.matchAll(new RegExp(`\\b${name} (\\d+);`, 'g'))].at(-1)?.[1];
    if (found === undefined) throw new Error(`no ${name} in the output of stty:\n${sttyOutput}`);
    return Number(found);
  };
  return {
    echo: setting('echo'),
    canonical: setting('icanon'),
    signals: setting('isig'),
    columns: size('columns'),
    rows: size('rows'),
  };
}

/**
 * Command and arguments that run a program in a shell which outlives it, then print `[exit code]`
 * and the state that the program left the terminal in. A Ctrl-C reaches the program alone.
 */
export function thenShowState(
  command: string,
  args: readonly string[] = [],
): { command: string; args: string[] } {
  // A trap, unlike an ignored signal, is not inherited by the program.
  const script = `trap : INT; "$@"; printf '[%s]\\n' "$?"; stty -a; echo '[end of state]'`;
  return { command: 'sh', args: ['-c', script, 'sh', command, ...args] };
}

/** Follows DECTCEM and the two resets that show the cursor again. */
export function watchCursor(emulator: Emulator): { readonly visible: boolean } {
  const cursor = { visible: true };
  const onMode = (visible: boolean) => (parameters: (number | number[])[]) => {
    if (parameters.includes(25)) cursor.visible = visible;
    return false;
  };
  const onReset = () => {
    cursor.visible = true;
    return false;
  };
  emulator.parser.registerCsiHandler({ prefix: '?', final: 'h' }, onMode(true));
  emulator.parser.registerCsiHandler({ prefix: '?', final: 'l' }, onMode(false));
  emulator.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, onReset);
  emulator.parser.registerEscHandler({ final: 'c' }, onReset);
  return cursor;
}
