import path from 'node:path';

export const LONGEST_FILE = 250;

/** Each library stands behind one file. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  got: /^api\/http\.ts$/,
  conf: /^store\/config\.ts$/,
  inquirer: /^prompts\.ts$/,
  ora: /^output\/progress\.ts$/,
  chalk: /^output\/style\.ts$/,
  commander: /^(?:main|program|cli)\.ts$|^(?:commands|completion|help)\//,
};

/**
 * Floors of the house: a file imports from lower floors and from its own folder. What is not named
 * does the work of commands.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'version', 'system', 'plesk', 'sandbox', 'samples'],
  ['settings'],
  ['context'],
  ['output', 'prompts'],
  ['api', 'store'],
  ['help'],
  [],
  ['commands'],
  ['command-tree'],
  ['session', 'program'],
  ['cli'],
  ['main'],
];
const FLOOR_OF_WORK = 6;

/** The sandbox shares nothing with the tool that is tried against it. */
const USERS_OF_SANDBOX = /^(?:sandbox\/|commands\/sandbox\.ts$|session\.ts$)/;

/** No commands of their own. */
const SHARED_BY_COMMANDS = new Set(['commands/options.ts', 'commands/operation.ts']);

const OUTSIDE = /(?<![.\w$#'-])(?:process|console|globalThis)\b(?!\s*:)/g;
const CLOCK_AND_CHANCE = /\bDate\s*\.\s*now\b|\bMath\s*\.\s*random\b|\bnew\s+Date\s*\(\s*\)/g;
const ENDS_PROCESS = /\bprocess\s*\.\s*(?:exit|exitCode|abort|reallyExit)\b/g;

export interface Import {
  /** A library, or a file below `src`. */
  readonly target: string;
  readonly isTypeOnly: boolean;
  readonly isLocal: boolean;
}

/** What a file imports: statically, dynamically, by re-export, or for the effect alone. */
export function importsOf(name: string, text: string): Import[] {
  const code = text.replace(COMMENTS_AND_LITERALS, (found) =>
    /^\/[/*]/.test(found) ? ' ' : found,
  );
  const statements = code.matchAll(
    /(?<![.\w$])(?:import|export)\s+(type\s)?[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|(?<![.\w$])import\s*\(\s*['"]([^'"]+)['"]|(?<![.\w$])import\s*['"]([^'"]+)['"]/g,
  );
  return [...statements].map(([, type, fromPath, dynamic, effect]) => {
    const specifier = fromPath ?? dynamic ?? effect ?? '';
    const isLocal = specifier.startsWith('.');
    const target = isLocal
      ? path.posix.join(path.posix.dirname(name), specifier)
      : libraryOf(specifier);
    return { target, isLocal, isTypeOnly: type !== undefined };
  });
}

/** Imports that the architecture does not allow, in words. */
export function breaksOf(name: string, text: string): string[] {
  return importsOf(name, text).flatMap((found) => {
    const why = found.isLocal ? localBreak(name, found) : libraryBreak(name, found.target);
    return why === null ? [] : [`imports ${found.target}: ${why}`];
  });
}

function libraryBreak(name: string, library: string): string | null {
  const owner = OWNERS[library];
  return owner === undefined || owner.test(name) ? null : `${library} is for ${owner} alone`;
}

function localBreak(name: string, { target, isTypeOnly }: Import): string | null {
  if (!target.endsWith('.ts')) return 'it has no ending';
  const [from, to] = [areaOf(name), areaOf(target)];
  if (from === 'commands' && to === 'commands') {
    if (/^commands\/api(?:\.ts$|\/)/.test(name) && target.startsWith('commands/api/')) return null;
    return SHARED_BY_COMMANDS.has(target) ? null : 'commands never import commands';
  }
  if (to === 'sandbox' && !USERS_OF_SANDBOX.test(name)) return 'the sandbox stands apart';
  if (from === to) return null;
  if (name === 'context.ts') return isTypeOnly ? null : 'the context is types alone';
  return floorOf(to) < floorOf(from) ? null : 'it is not below';
}

/** The folder below `src`, or the file's own name without its ending. */
function areaOf(name: string): string {
  // Answers the shell with the whole program in hand.
  if (name === 'completion/callback.ts') return 'cli';
  return name.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

function floorOf(area: string): number {
  const floor = FLOORS.findIndex((areas) => areas.includes(area));
  return floor === -1 ? FLOOR_OF_WORK : floor;
}

function libraryOf(specifier: string): string {
  const [scopeOrName = '', name] = specifier.split('/');
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}

const COMMENTS_AND_LITERALS =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=(?:[(,=:[!&|?{};]|=>|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

/** What reaches for the outside world, the clock or chance where it may not. */
export function forbiddenWordsIn(name: string, text: string): string[] {
  const code = text.replace(COMMENTS_AND_LITERALS, (found) =>
    found.startsWith('`')
      ? [...found.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => ` ${inner} `).join(';')
      : ' ',
  );
  const isFirstToKnow = name === 'main.ts' || name === 'system.ts';
  const patterns = isFirstToKnow ? [ENDS_PROCESS] : [ENDS_PROCESS, OUTSIDE, CLOCK_AND_CHANCE];
  return patterns.flatMap((pattern) => code.match(pattern) ?? []);
}

export function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** Circles of imports that are there when the program runs; each begins and ends with one file. */
export function cyclesOf(sources: ReadonlyMap<string, string>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start !== -1) {
      cycles.push([...trail.slice(start), name]);
      return;
    }
    if (done.has(name)) return;
    for (const { target, isLocal, isTypeOnly } of importsOf(name, sources.get(name) ?? '')) {
      if (isLocal && !isTypeOnly && sources.has(target)) visit(target, [...trail, name]);
    }
    done.add(name);
  };
  for (const name of sources.keys()) visit(name, []);
  return cycles;
}
