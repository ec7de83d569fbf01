import type { Command } from 'commander';
import { columns, flow, fold, foldCommand, widthOf } from '../../help/layout.ts';
import { HELP_TOPICS } from '../../help/reference.ts';
import {
  type DescribedCommand,
  exitCodesOf,
  GLOBAL_OPTIONS,
  pathOf,
  type Reach,
} from '../options.ts';

/** A command or group, as far as the help of those above it goes. */
export interface Entry {
  path: string;
  summary: string;
  load?: unknown;
}

interface Look {
  /** Columns to fill. */
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
export function helpPage(
  command: DescribedCommand,
  entries: readonly Entry[],
  terminal: { columns?: number },
  title: (text: string) => string,
): string {
  const look = { width: widthOf(terminal), title };
  const path = pathOf(command);
  const rows = path === '' ? topLevel(entries) : below(path, entries);
  const list = rows.length === 0 ? [] : [`${title('Commands:')}\n${columns(rows, look.width)}`];
  const sections =
    list.length === 0 || command.about !== undefined
      ? [...intro(command, look), ...list, ...details(command, look)]
      : [
          path === ''
            ? 'The command-line tool for the hosting provider 0xHost.'
            : sentence(command),
          `${title('Usage:')} ${['oxhost', path, '<command>'].filter(Boolean).join(' ')} [options]`,
          ...list,
          lastLines(path === '', look),
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

type Row = readonly [name: string, summary: string];

function topLevel(entries: readonly Entry[]): Row[] {
  return entries
    .filter(({ path }) => !path.includes(' ') && path !== 'version')
    .map(({ path, summary }) => [path, summary]);
}

/** Every command in a group, however deep. */
function below(group: string, entries: readonly Entry[]): Row[] {
  return entries
    .filter(({ path, load }) => path.startsWith(`${group} `) && load !== undefined)
    .map(({ path, summary }) => [path.slice(group.length + 1), summary]);
}

function sentence(command: Command): string {
  const summary = command.summary();
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
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
