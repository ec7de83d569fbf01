import { afterAll, beforeAll } from 'vitest';
import { ENV, GIVEN, PASSWORD } from '../commands/plesk/client/creating.ts';
import type { TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal, thenShowState } from '../support/terminal.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

export interface Opening {
  readonly columns?: number;
  readonly env?: Record<string, string>;
  /** Run in a shell that shows exit code and terminal state afterwards. */
  readonly inShell?: boolean;
  /** Run by `sh -c`, as "$@". */
  readonly script?: string;
}

/** Command lines of the built tool, each in a terminal of its own with settings of its own. */
export function terminals() {
  let folder: TemporaryFolder;
  let count = 0;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder?.close());
  const environment = (env: Record<string, string> = {}) => {
    count += 1;
    return { ...ENV, OXHOST_CONFIG_DIR: folder.join(`config-${count}`), NO_COLOR: '1', ...env };
  };
  return {
    join: (name: string) => folder.join(name),
    environment,
    open(args: readonly string[], { columns = 80, env, inShell, script }: Opening = {}): Terminal {
      const whole = [toolRuntime(), builtTool(), ...args] as const;
      const [command, ...rest] =
        script === undefined ? whole : (['sh', '-c', script, 'sh', ...whole] as const);
      const run = inShell ? thenShowState(command, rest) : { command, args: rest };
      return openTerminal({ ...run, columns, rows: 40, env: environment(env) });
    },
  };
}

/** What is asked for a client of which nothing is given, and the answers. */
export const QUESTIONS = [
  ['Full name', GIVEN.name],
  ['Login for Plesk', GIVEN.login],
  ['E-mail address', GIVEN.email],
  ['Password for Plesk', PASSWORD],
  ['Repeat the password', PASSWORD],
  ['Company (optional)', GIVEN.company],
] as const;

export function enter(terminal: Terminal, text: string): void {
  terminal.type(text);
  terminal.press('enter');
}

export async function answerQuestions(terminal: Terminal, upTo: number = QUESTIONS.length) {
  for (const [question, text] of QUESTIONS.slice(0, upTo)) {
    await terminal.waitFor(question);
    enter(terminal, text);
  }
}

export const asking = (server: Pick<TestServer, 'url'>, ...more: string[]) => [
  ...['plesk', 'client', 'create', '--api-url', server.url],
  ...more,
];
