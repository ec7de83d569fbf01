import { isShell, SCRIPTS, SHELLS } from '../completion/scripts.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { ChoiceArgument, type CommandHelp, type DescribedCommand, type Start } from './options.ts';

const ALL_SHELLS = `${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1)}`;

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command.addArgument(new ChoiceArgument('[shell]', ALL_SHELLS, SHELLS)).usage('<shell>');
  start(command, run);
}

export async function run(
  { output }: Context,
  _options: object,
  [shell]: readonly string[],
): Promise<void> {
  if (!isShell(shell)) {
    throw new OxhostError('usage', `The shell must be ${ALL_SHELLS}.`, {
      hint: 'oxhost completion --help has the line for each.',
    });
  }
  await output.write(SCRIPTS[shell]);
}

const ABOUT: CommandHelp = {
  notes: `Add the line for your shell; it also serves later versions of oxhost.

bash, in ~/.bashrc (bash 3 of macOS: eval "$(oxhost completion bash)"):
  source <(oxhost completion bash)

zsh, in ~/.zshrc below "autoload -Uz compinit && compinit":
  source <(oxhost completion zsh)

fish, once:
  oxhost completion fish > ~/.config/fish/completions/oxhost.fish

PowerShell, in the file that $PROFILE names:
  oxhost completion powershell | Out-String | Invoke-Expression

At each Tab the shell asks oxhost for words. That reads the names of your
profiles and the history of this machine, whose ids of clients, orders and
subscriptions are offered; it neither sends nor writes anything.`,
  examples: [],
  reach: [],
};
