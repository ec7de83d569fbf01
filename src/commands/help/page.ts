import type { Command } from 'commander';
import { columns, flow, fold, foldCommand } from '../../help/layout.ts';
import { HELP_TOPICS } from '../../help/topics.ts';
import { type DescribedCommand, exitCodesOf, GLOBAL_OPTIONS, type Reach } from '../options.ts';

/** A command or group of the tree, as far as its help goes. */
export interface Entry {
  name: string;
  summary: string;
  hidden?: true;
  children?: readonly Entry[];
}

export interface Look {
  /** Columns of the terminal. */
  width: number;
  title: (text: string) => string;
}

/** Global options by what they act on; those of `any` act on every command. */
const REACH: Readonly<Record<Reach | 'any', readonly string[]>> = {
  json: ['--json'],
  result: ['--fields', '--get'],
  any: ['--quiet', '--debug', '--color'],
  question: ['--no-input'],
  consent: ['--yes'],
  key: ['--profile', '--api-url'],
  call: ['--sandbox', '--timeout', '--max-wait', '--retries'],
};

const DEFAULT_REACH: readonly Reach[] = ['json', 'result'];

/** The help of a command or group whose options are there. Pure. */
export function helpPage(command: DescribedCommand, tree: readonly Entry[], look: Look): string {
  const path = pathOf(command);
  const isRoot = path.length === 0;
  const children = childrenAt(path, tree);
  const list =
    children === null
      ? []
      : [listing(isRoot ? tree.filter(isListed).map(rowOf) : below(children), look)];
  const sections =
    children === null || command.about !== undefined
      ? [...intro(command, look), ...list, ...details(command, look)]
      : [
          isRoot ? 'The command-line tool for the hosting provider 0xHost.' : sentence(command),
          `${look.title('Usage:')} oxhost ${[...path, '<command>'].join(' ')} [options]`,
          ...list,
          lastLines(isRoot, look),
        ];
  return `${sections.join('\n\n')}\n`;
}

const SHARED =
  'Global options: --json, --get, --quiet, --no-input, --yes, --profile, --sandbox and more; see oxhost help options.';

/** What a person can do next who came here by a word too few. */
function lastLines(isRoot: boolean, { width }: Look): string {
  const lines = isRoot
    ? [
        'Try it without a key: oxhost plesk client create --sandbox',
        SHARED,
        `Topics: ${HELP_TOPICS.join(', ')}.`,
      ]
    : ['Each command has a --help of its own.', SHARED];
  return lines.map((line) => fold(line, width)).join('\n');
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

function childrenAt(path: readonly string[], tree: readonly Entry[]): readonly Entry[] | null {
  const [name, ...rest] = path;
  if (name === undefined) return tree;
  const children = tree.find((entry) => entry.name === name)?.children;
  return children === undefined ? null : childrenAt(rest, children);
}

function sentence(command: Command): string {
  const summary = command.summary();
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

type Row = readonly [name: string, summary: string];

function listing(rows: readonly Row[], { title, width }: Look): string {
  return `${title('Commands:')}\n${columns(rows, width)}`;
}

function isListed({ name, hidden }: Entry): boolean {
  return hidden !== true || name === 'help';
}

function rowOf({ name, summary }: Entry): Row {
  return [name, summary];
}

/** Every command below a group, however deep. */
function below(children: readonly Entry[], path = ''): Row[] {
  return children.flatMap(({ name, summary, children: further }) =>
    further === undefined
      ? [[`${path}${name}`, summary] as const]
      : below(further, `${path}${name} `),
  );
}

function intro(command: DescribedCommand, look: Look): string[] {
  const usage = command
    .createHelp()
    .commandUsage(command)
    .replace(' [options] [command]', ' [options]');
  const { notes } = command.about ?? {};
  return [
    `${look.title('Usage:')} ${usage}`,
    sentence(command),
    ...(notes === undefined ? [] : [flow(notes, look.width)]),
  ];
}

function details(command: DescribedCommand, look: Look): string[] {
  const { about } = command;
  const { width, title } = look;
  const operands = command.registeredArguments.map((operand): [string, string] => [
    `<${operand.name()}>`,
    operand.description,
  ]);
  const options = command.options
    .filter(({ hidden, helpGroupHeading }) => !hidden && helpGroupHeading !== GLOBAL_OPTIONS)
    .map(({ flags, description }): [string, string] => [flags, description]);
  const rows = [...operands, ...options];
  const codes = Object.entries(exitCodesOf(command)).map(([code, when]) => `${code}\u00a0${when}`);
  const reach = about?.reach ?? DEFAULT_REACH;
  const globals = Object.entries(REACH).flatMap(([name, flags]) =>
    name === 'any' || reach.includes(name as Reach) ? flags : [],
  );
  return [
    ...(rows.length === 0 ? [] : [`${title('Options:')}\n${columns(rows, width)}`]),
    ...(about?.output === undefined
      ? []
      : [flow(`${title('Output with --json:')} ${about.output}`, width)]),
    fold(`${title('Exit codes:')} ${codes.join(', ')}`, width),
    ...(about === undefined || about.examples.length === 0
      ? []
      : [
          [
            title('Examples:'),
            ...about.examples.map((example) => foldCommand(example, width)),
          ].join('\n'),
        ]),
    fold(`${title('Global options:')} ${globals.join(', ')}; see oxhost help options.`, width),
  ];
}
