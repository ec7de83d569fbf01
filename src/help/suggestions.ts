/** What people type who come from other tools, and the command that it is here. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  login: 'auth login',
  signin: 'auth login',
  configure: 'auth login',
  init: 'auth login',
  logout: 'auth logout',
  whoami: 'auth status',
  profiles: 'auth list',
  profile: 'auth list',
  use: 'auth switch',
  register: 'plesk client create',
  adduser: 'plesk client create',
  'create user': 'plesk client create',
  'create customer': 'plesk client create',
  'create account': 'plesk client create',
  'add client': 'plesk client create',
  'new client': 'plesk client create',
  user: 'plesk client create',
  username: 'plesk client create',
  customer: 'plesk client create',
  pass: 'help passwords',
  password: 'help passwords',
  buy: 'plesk order create',
  extend: 'plesk order renew',
  upgrade: 'plesk order renew',
  whois: 'domain check',
  available: 'domain check',
  pay: 'invoice create',
  request: 'api',
  curl: 'api',
  log: 'history',
  audit: 'history',
  check: 'doctor',
  test: 'sandbox',
  mock: 'sandbox',
  completions: 'completion',
};

/** For all but a few things the API has no such call. */
const LOOKING = new Set(['list', 'ls', 'get', 'show', 'find', 'search', 'delete', 'rm', 'remove']);

const MOST_SUGGESTIONS = 4;

/**
 * What was probably meant by a command that does not exist, or null. Pure.
 * @param words as given, up to the first option.
 * @param commands every command's path, such as `plesk client create`.
 */
export function commandHint(words: readonly string[], commands: readonly string[]): string | null {
  const found = suggestCommands(words, commands).map((command) => {
    // A file is worth repeating; any other word might be a secret.
    const file = words.find((word) => /\.(?:csv|tsv|txt|json|ndjson|jsonl)$/i.test(word));
    return `oxhost ${command}${command.endsWith(' import') && file !== undefined ? ` ${file}` : ''}`;
  });
  if (found.length > 0) return `Did you mean ${found.join(', or ')}?`;
  if (!words.some((word) => LOOKING.has(word.toLowerCase()))) return null;
  return 'The API has no such call; oxhost history has what this machine has created and bought.';
}

/**
 * The commands that have every word given, however far down and in whatever order, or what the
 * words stand for in other tools; words behind those are no part of the command.
 */
function suggestCommands(words: readonly string[], commands: readonly string[]): readonly string[] {
  const given = words.map((word) => word.toLowerCase());
  const [last = '', ...before] = [...given].reverse();
  if (LOOKING.has(last)) {
    const looking = commands.filter((command) => /(?:^| )(?:list|show)$/.test(command));
    return before.length === 0 ? [] : withWords(before, looking, isSame);
  }
  for (let count = Math.min(given.length, 4); count > 0; count -= 1) {
    const beginning = given.slice(0, count);
    const other = OTHER_WORDS[beginning.join(' ')];
    if (other !== undefined && commands.includes(other.replace(/^help .*/, 'help'))) return [other];
    for (const matches of [isSame, isSimilar]) {
      const found = withWords(beginning, commands, matches);
      const groups = new Set(found.map((path) => path.split(' ').slice(0, count).join(' ')));
      if (found.length > 1 && groups.size === 1) return [...groups];
      if (found.length > 0) return found.slice(0, MOST_SUGGESTIONS);
    }
  }
  return [];
}

function withWords(
  words: readonly string[],
  commands: readonly string[],
  matches: (part: string, word: string) => boolean,
): string[] {
  return commands.filter((command) => {
    const parts = command.split(' ');
    return words.every((word) => parts.some((part) => matches(part, word)));
  });
}

const OTHER_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '--username': ['--login', '--ftp-login'],
  '--user': ['--login'],
  '--user-name': ['--login'],
  '--pass': ['--password-stdin', '--ftp-password-stdin', '--server-password-stdin'],
  '--passwd': ['--password-stdin', '--ftp-password-stdin', '--server-password-stdin'],
  '--mail': ['--email'],
  '--e-mail': ['--email'],
  '--full-name': ['--name'],
  '--fullname': ['--name'],
  '--organization': ['--company'],
  '--organisation': ['--company'],
  '--org': ['--company'],
  '--client-id': ['--client'],
  '--plan-id': ['--plan'],
  '--user-id': ['--user'],
  '--duration': ['--months', '--hours', '--years'],
  '--period': ['--months', '--hours', '--years'],
  '--output': ['--json'],
  '--format': ['--json'],
  '--force': ['--yes'],
  '--verbose': ['--debug'],
  '--silent': ['--quiet'],
  '--token': ['--profile'],
  '--url': ['--api-url'],
  '--endpoint': ['--api-url'],
  '--host': ['--api-url'],
};

/** The option of this command that another tool calls so, or null. Pure. */
export function otherOption(name: string, known: readonly string[]): string | null {
  return OTHER_OPTIONS[name]?.find((option) => known.includes(option)) ?? null;
}

/** Dashes that word processors make of the one on the keyboard. */
const OTHER_DASHES = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+(?=[A-Za-z])/;

/** The first word that was meant as an option but begins with another dash, or null. Pure. */
export function wordWithOtherDash(args: readonly string[]): { word: string; meant: string } | null {
  const found = args.find((word) => OTHER_DASHES.test(word));
  if (found === undefined) return null;
  const word = found.replace(/=.*/s, '');
  const name = word.replace(OTHER_DASHES, '');
  return { word, meant: `${name.length === 1 ? '-' : '--'}${name}` };
}

function isSame(part: string, word: string): boolean {
  return part === word || `${part}s` === word;
}

/** A third of the letters may be wrong, missing or too many. */
function isSimilar(part: string, word: string): boolean {
  return word.length > 2 && distance(part, word) <= Math.max(1, Math.floor(part.length / 3));
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swapped = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
