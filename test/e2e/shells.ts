import { spawnSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openTerminal } from '../support/terminal.ts';
import { runsOnNode } from '../support/tool.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

export const isInstalled = (shell: Shell) => spawnSync(shell, ['--version']).status === 0;

/** A home folder whose shells complete oxhost as the help says, and a folder to work in. */
export interface Desk extends TemporaryFolder {
  /** The folder to work in. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
}

const PROMPT = 'ready> ';

/** @param launcher the tool, which is linked into a folder of PATH by its own name. */
export async function furnishDesk(launcher: string): Promise<Desk> {
  const folder = await temporaryFolder();
  const work = folder.join('work');
  const fish = folder.join('.config', 'fish');
  await mkdir(folder.join('bin'));
  await mkdir(path.join(work, 'folder'), { recursive: true });
  await mkdir(path.join(fish, 'completions'), { recursive: true });
  await symlink(launcher, folder.join('bin', 'oxhost'));
  for (const name of ['clients.csv', 'my file.csv', 'folder.csv']) {
    await writeFile(path.join(work, name), '');
  }
  const lines = {
    '.bashrc': [`PS1='${PROMPT}'`, 'source <(oxhost completion bash)'],
    '.zshrc': [
      `PS1='${PROMPT}'`,
      'unsetopt prompt_sp',
      'autoload -Uz compinit && compinit',
      'source <(oxhost completion zsh)',
    ],
    '.config/fish/config.fish': [
      'set -g fish_greeting',
      'set -g fish_autosuggestion_enabled 0',
      `function fish_prompt; echo -n '${PROMPT}'; end`,
    ],
  };
  for (const [name, text] of Object.entries(lines)) {
    await writeFile(folder.join(name), `${text.join('\n')}\n`);
  }
  const nodes = runsOnNode() ? [path.dirname(process.execPath)] : [];
  const env = {
    HOME: folder.path,
    PATH: [folder.join('bin'), ...nodes, process.env['PATH']].join(':'),
    LC_ALL: 'C.UTF-8',
  };
  spawnSync('sh', ['-c', 'oxhost completion fish > ~/.config/fish/completions/oxhost.fish'], {
    env,
  });
  return { ...folder, work, env };
}

const ARGUMENTS: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--noprofile', '-i'],
  zsh: ['-d', '-i'],
  fish: ['-i'],
};

export interface Pressing {
  /** On top of the desk's. */
  env?: Readonly<Record<string, string>>;
  /** Tab, once unless given. */
  times?: number;
  /** How far the cursor goes back before that. */
  back?: number;
  /** What has to be shown before anything else is typed, which would take a list away. */
  until?: RegExp;
}

/** A person's line in an interactive shell of its own, once Tab has been pressed. */
export interface Pressed {
  /** With `|` where the cursor is. */
  line: string;
  /** All that is on the screen, as it was with the list. */
  screen: string;
}

export async function pressTab(
  shell: Shell,
  desk: Desk,
  typed: string,
  { env = {}, times = 1, back = 0, until }: Pressing = {},
): Promise<Pressed> {
  await using terminal = openTerminal({
    command: shell,
    args: ARGUMENTS[shell],
    cwd: desk.work,
    env: { ...desk.env, ...env },
    columns: 120,
    rows: 60,
  });
  await terminal.waitFor(/^ready>/m);
  terminal.type(typed);
  terminal.press(...Array<'left'>(back).fill('left'), ...Array<'tab'>(times).fill('tab'));
  if (until !== undefined) await terminal.waitFor(until);
  const list = terminal.screen();
  // The shell reads it when it has completed.
  terminal.type('@@');
  await terminal.waitFor(/^ready> .*@@/m);
  const screen = until === undefined ? terminal.screen() : list;
  const lines = terminal
    .screen()
    .split('\n')
    .filter((line) => line.startsWith(PROMPT));
  return { line: (lines.at(-1) ?? '').slice(PROMPT.length).replace('@@', '|'), screen };
}
