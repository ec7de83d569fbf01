import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, runsOnNode, toolRuntime } from '../support/tool.ts';
import { type Desk, furnishDesk, isInstalled, pressTab, type Shell } from './shells.ts';

const launcher = builtTool();
let desk: Desk;
beforeAll(async () => {
  desk = await furnishDesk(launcher);
  for (const profile of ['agency', 'main']) {
    const login = ['auth', 'login', '--key-stdin', '--profile', profile];
    const { exitCode, stderr } = await runProcess('oxhost', login, {
      env: desk.env,
      input: 'sekret-key-0123456789',
    });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }
});
afterAll(async () => {
  await desk?.close();
});

const plesk = 'oxhost plesk client';
const whyNot = (shell: Shell) =>
  isInstalled(shell) ? '' : ` (skipped: there is no ${shell} on this machine)`;

describe.each(['bash', 'zsh', 'fish'] as const)('Tab in %s', (shell) => {
  const isMissing = !isInstalled(shell);
  const why = whyNot(shell);

  test.skipIf(isMissing).for([
    ['a command', 'oxhost plesk cl', `${plesk} |`],
    [
      'behind flags',
      'oxhost -p main --json plesk sub',
      'oxhost -p main --json plesk subscription |',
    ],
    ['behind a variable', 'X=1 oxhost --color ne', 'X=1 oxhost --color never |'],
    ['behind another command', 'true; oxhost stor', 'true; oxhost storage |'],
    ['a value behind =', 'oxhost --color=al', 'oxhost --color=always |'],
    ['a value in quotes', 'oxhost --color "al', 'oxhost --color "always" |'],
    [
      'behind a value with spaces',
      `${plesk} create --name "A B" --fo`,
      `${plesk} create --name "A B" --force |`,
    ],
    [
      'behind values with : and =',
      'oxhost --api-url=https://example.com:8443 domain ch',
      'oxhost --api-url=https://example.com:8443 domain check |',
    ],
    ['a profile', 'oxhost auth switch ag', 'oxhost auth switch agency |'],
    ['a file with a space', `${plesk} import my`, `${plesk} import my\\ file.csv |`],
    ['a file at home', `${plesk} import ~/work/cl`, `${plesk} import ~/work/clients.csv |`],
    ['a file of a flag', `${plesk} create --input cl`, `${plesk} create --input clients.csv |`],
    ['a file behind =', `${plesk} create --input=cl`, `${plesk} create --input=clients.csv |`],
    ['a folder and no file', `${plesk} import x --journal fo`, /--journal folder\/\|$/],
    ['a folder behind =', `${plesk} import x --journal=fo`, /--journal=folder\/\|$/],
    ['no file where none belongs', `${plesk} create --name cl`, `${plesk} create --name cl|`],
  ] as const)(`%s${why}`, async ([, typed, wanted]) => {
    const { line } = await pressTab(shell, desk, typed);
    if (typeof wanted === 'string') expect(line).toBe(wanted);
    else expect(line).toMatch(wanted);
  });

  test.skipIf(isMissing)(`before the end of the line${why}`, async () => {
    const { line } = await pressTab(shell, desk, 'oxhost plesk cl --json', { back: 7 });
    expect(line).toMatch(/^oxhost plesk client ?\| ?--json$/);
  });

  test.skipIf(isMissing)(`lists what there is${why}`, async () => {
    const list = /client.*\n?.*order.*\n?.*subscription/;
    // A further one would choose the first of the list.
    const times = shell === 'bash' ? 2 : 1;
    const { screen } = await pressTab(shell, desk, 'oxhost plesk ', { times, until: list });
    const description = shell === 'bash' ? 'client' : 'create Plesk clients';
    expect(screen).toContain(description);
  });

  test.skipIf(isMissing)(`runs nothing of what is typed${why}`, async () => {
    const typed = `${plesk} create --name "$(touch made)" --login $(touch made) --dr`;
    const { line } = await pressTab(shell, desk, typed);
    expect(line).toContain('--dry-run |');
    await expect(access(path.join(desk.work, 'made'))).rejects.toThrow('ENOENT');
  });

  test.skipIf(isMissing)(
    `a tool that is broken or gone: nothing, and not a word${why}`,
    async () => {
      const broken = desk.join('broken');
      const script = await runProcess('oxhost', ['completion', shell], { env: desk.env });
      const launcher = path.join(broken, 'oxhost');
      await runProcess('mkdir', ['-p', broken]);
      // Gives the script when the shell starts, and fails loudly at each Tab.
      await writeFile(`${launcher}.script`, script.stdout);
      await writeFile(
        launcher,
        `#!/bin/sh\n[ "$1" = completion ] && exec cat "$0.script"\necho sad >&2\nexit 1\n`,
        { mode: 0o755 },
      );
      const env = { PATH: `${broken}:${desk.env['PATH']}` };
      const { screen } = await pressTab(shell, desk, 'oxhost plesk cl', { env });
      expect(screen).toBe('ready> oxhost plesk cl@@');
      const remove = `source ${launcher}.script; rm ${launcher}; clear\r`;
      const gone = await pressTab(shell, desk, `${remove}oxhost plesk cl`, {
        env: { PATH: `${broken}:/usr/bin:/bin` },
      });
      // fish completes files for what is no command.
      expect(gone.screen).toMatch(
        shell === 'fish' ? /^ready> oxhost plesk cl\S* ?@@$/ : /^ready> oxhost plesk cl@@$/,
      );
    },
  );
});

test.skipIf(!isInstalled('fish'))(`fish shows what they do${whyNot('fish')}`, async () => {
  const offered = async (line: string) => {
    const { stdout } = await runProcess('fish', ['-c', 'complete -C $argv[1]', line], {
      env: desk.env,
    });
    return stdout.split('\n');
  };
  expect(await offered('oxhost plesk cl')).toEqual(['client\tcreate Plesk clients', '']);
  expect(await offered('oxhost auth list --js')).toContain(
    '--json\tdata, notes and errors as JSON; never asks',
  );
});

describe('the function in bash', () => {
  /** Calls it as bash does, which cuts words at = and : and leaves quotes in. */
  async function replies(words: readonly string[], line: string, point = line.length) {
    const script = `
      set -u
      source <(oxhost completion bash)
      COMP_LINE=$1 COMP_POINT=$2; shift 2
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _oxhost
      printf '%s\\n' "\${COMPREPLY[@]}"
      complete -p oxhost >&2`;
    const { exitCode, stdout, stderr } = await runProcess(
      'bash',
      ['--norc', '--noprofile', '-c', script, 'bash', line, String(point), ...words],
      { env: desk.env, cwd: desk.work },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'complete -F _oxhost oxhost\n' });
    return stdout.trimEnd().split('\n');
  }

  test.each<[string[], string, string[]]>([
    [['oxhost', 'plesk', 'cl'], 'oxhost plesk cl', ['client']],
    [['oxhost', 'plesk', ''], 'oxhost plesk ', ['client', 'order', 'subscription']],
    [['oxhost', '--color', '='], 'oxhost --color=', ['auto', 'always', 'never']],
    [['oxhost', '--color', '=', 'a'], 'oxhost --color=a', ['auto', 'always']],
    // As it is without = in COMP_WORDBREAKS.
    [['oxhost', '--color=a'], 'oxhost --color=a', ['--color=auto', '--color=always']],
    [['oxhost', '-p', ''], 'oxhost  -p   ', ['agency', 'main']],
    [['oxhost', 'plesk', 'client', 'import', 'm'], 'oxhost plesk client import m', ['my file.csv']],
    [['oxhost', 'nothing', ''], 'oxhost nothing ', ['']],
  ])('%j', async (words, line, wanted) => {
    expect(await replies(words, line)).toEqual(wanted);
  });

  test('takes what stands before the cursor', async () => {
    expect(await replies(['oxhost', 'plesk'], 'oxhost plesk', 'oxhost p'.length)).toEqual([
      'plesk',
    ]);
  });

  test('sourcing it again changes nothing, and it leaves no other name behind', async () => {
    const script = `
      before=$(compgen -A function -v)
      for i in 1 2; do source <(oxhost completion bash); done
      diff <(echo "$before") <(compgen -A function -v) | grep '^[<>]'`;
    const { stdout, stderr } = await runProcess('bash', ['--norc', '--noprofile', '-c', script], {
      env: desk.env,
    });
    expect(stderr).toBe('');
    expect(stdout.replace(/^> (?:before|i|BASH_\w+|PIPESTATUS|_)\n/gm, '')).toBe('> _oxhost\n');
  });
});

test.skipIf(!isInstalled('zsh'))(`zsh: as a file of fpath${whyNot('zsh')}`, async () => {
  const lines = [
    "PS1='ready> '",
    'unsetopt prompt_sp',
    'mkdir -p ~/functions',
    'oxhost completion zsh > ~/functions/_oxhost',
    'fpath=(~/functions $fpath)',
    'autoload -Uz compinit && compinit -D',
  ];
  await writeFile(desk.join('functions.zshrc'), `${lines.join('\n')}\n`);
  await runProcess('sh', ['-c', 'mkdir zdot && mv functions.zshrc zdot/.zshrc'], {
    cwd: desk.path,
  });
  const env = { ZDOTDIR: desk.join('zdot') };
  for (const _time of ['loads it', 'has it loaded']) {
    expect((await pressTab('zsh', desk, 'oxhost plesk cl', { env })).line).toBe(`${plesk} |`);
  }
});

/** What of each library stands in its code alone. */
const MARKS = {
  got: 'ERR_GOT_REQUEST_ERROR',
  conf: 'onfig schema violation',
  inquirer: 'ExitPromptError',
  ora: 'dots12',
};

/** Those of them that Node loads for a command line. */
async function librariesLoadedBy(args: readonly string[]) {
  await using coverage = await temporaryFolder();
  const { exitCode } = await runProcess(toolRuntime(), [launcher, ...args], {
    env: { ...desk.env, NODE_V8_COVERAGE: coverage.path },
  });
  expect(exitCode).toBe(0);
  const [report = ''] = await readdir(coverage.path);
  const { result } = JSON.parse(await readFile(coverage.join(report), 'utf8'));
  const urls: string[] = result.map(({ url }: { url: string }) => url);
  const files = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  expect(files.length).toBeGreaterThan(3);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const isLoaded = (mark: string) => texts.some((text) => text.includes(mark));
  return Object.entries(MARKS).flatMap(([name, mark]) => (isLoaded(mark) ? [name] : []));
}

// The standalone executable has no files that could be asked for.
if (runsOnNode())
  test('an answer loads no library but commander and chalk', async () => {
    const words = ['__complete', 'bash', '3', 'plesk', 'order', 'create', '--'];
    expect(await librariesLoadedBy(words)).toEqual([]);
    expect(await librariesLoadedBy(['__complete', 'bash', '1', '--profile', ''])).toEqual([]);
    // The look at the files can tell.
    const create = ['plesk', 'client', 'create', '--sandbox', '--generate-password'];
    const fields = ['--name', 'Example Client', '--login', 'client1', '--email', 'a@example.com'];
    expect(await librariesLoadedBy([...create, ...fields])).toContain('got');
  });
