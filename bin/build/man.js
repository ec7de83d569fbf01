import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Seconds since 1970 of what is built: the same sources make the same files. */
export function sourceDate(root) {
  const log = () =>
    spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return Number(process.env.SOURCE_DATE_EPOCH ?? (log().stdout || 0));
}

/** What the tool says of itself: every command as data. */
export function describeTool(launcher) {
  const run = spawnSync(process.execPath, [launcher, 'commands', '--json'], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`commands --json failed:\n${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** Writes a page for the tool and one for each command. */
export function writeManPages(tree, folder, date) {
  mkdirSync(folder, { recursive: true });
  const pages = [mainPage(tree), ...tree.commands.map((command) => commandPage(command, tree))];
  for (const { name, lines } of pages) {
    const title = `.Dt ${name.toUpperCase()} 1`;
    const text = [`.Dd ${dayOf(date)}`, title, '.Os', ...lines, ''].join('\n');
    writeFileSync(path.join(folder, `${name}.1`), text);
  }
}

const dayOf = (date) =>
  new Date(date * 1000).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** Text that neither begins a macro nor holds one, in plain ASCII. */
const plain = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replace(/^(?=[.'])/gm, '\\&')
    .replace(/[^\n\x20-\x7e]/gu, (it) => `\\[u${it.codePointAt(0).toString(16).padStart(4, '0')}]`);
/** The same in the line of a macro. */
const inMacro = (text) => plain(text).replace(/(?<=^| )(?=[A-Z][a-z]{1,2}\b)/g, '\\&');

/** Each sentence begins a line, as mdoc wants it. */
const bySentence = (text) => text.replace(/(?<=[\w)"][.?!]\)?) (?=[A-Z])/g, '\n');

/** A paragraph, and what is indented below it, as it is. */
function paragraph(note) {
  const [first, ...rows] = note.split('\n');
  const text = plain(bySentence(first));
  return rows.length === 0 ? [text] : [text, '.Bd -literal', ...rows.map(plain), '.Ed'];
}

const pageOf = (command) => `oxhost-${command.replaceAll(' ', '-')}`;
const section = (title, lines) => (lines.length === 0 ? [] : [`.Sh ${title}`, ...lines]);
const list = (items) => ['.Bl -tag -width Ds', ...items.flat(), '.El'];
const withoutDashes = (name) => name.replace(/^-/, '').replaceAll('-', '\\-');

function optionItem({ name, short, value, description }) {
  const names = [short, name].filter(Boolean).map((it) => `Fl ${withoutDashes(it)}`);
  return [
    `.It ${names.join(' , ')}${value === null ? '' : ` Ar ${inMacro(value)}`}`,
    plain(description),
  ];
}

const exitItems = (codes, tree) =>
  tree.exit_codes
    .filter(({ code }) => codes.includes(code))
    .map(({ code, meaning }) => [`.It ${code}`, plain(meaning)]);

function commandPage(command, tree) {
  const { command: words, summary, options, examples = [], notes = [] } = command;
  const operands = command.arguments.map(
    ({ name, required }) => `${required ? '' : 'Op '}Ar ${name}`,
  );
  const synopsis = [
    '.Nm oxhost',
    `.Cm ${words}`,
    '.Op Ar options',
    ...operands.map((it) => `.${it}`),
  ];
  const about = [plain(`${summary[0].toUpperCase()}${summary.slice(1)}.`)];
  for (const note of notes) about.push('.Pp', ...paragraph(note));
  const operandItems = command.arguments.map(({ name, description }) => [
    `.It Ar ${name}`,
    plain(description),
  ]);
  const lines = [
    ...section('NAME', [`.Nm ${pageOf(words)}`, `.Nd ${inMacro(summary)}`]),
    ...section('SYNOPSIS', synopsis),
    ...section('DESCRIPTION', about),
    ...(operandItems.length + options.length === 0
      ? []
      : list([...operandItems, ...options.map(optionItem)])),
    ...section('EXIT STATUS', list(exitItems(command.exit_codes, tree))),
    ...section(
      'EXAMPLES',
      examples.length === 0 ? [] : ['.Bd -literal', plain(examples.join('\n')), '.Ed'],
    ),
    ...section('SEE ALSO', ['.Xr oxhost 1 ,', 'which has the options of all commands']),
  ];
  return { name: pageOf(words), lines };
}

function mainPage(tree) {
  const commands = tree.commands.map(({ command, summary }) => [
    `.It Cm ${command}`,
    plain(summary),
  ]);
  const variables = tree.environment.map(({ name, meaning }) => [`.It Ev ${name}`, plain(meaning)]);
  const references = tree.commands.map(({ command }) => pageOf(command)).sort();
  const lines = [
    ...section('NAME', ['.Nm oxhost', '.Nd command-line tool for the hosting provider 0xHost']),
    ...section('SYNOPSIS', ['.Nm', '.Ar command', '.Op Ar options']),
    ...section('DESCRIPTION', ['The commands, each with a page of its own:', ...list(commands)]),
    '.Pp',
    'These options are for all commands:',
    ...list(tree.global_options.map(optionItem)),
    ...section('ENVIRONMENT', list(variables)),
    ...section(
      'EXIT STATUS',
      list(
        exitItems(
          tree.exit_codes.map(({ code }) => code),
          tree,
        ),
      ),
    ),
    ...section(
      'SEE ALSO',
      references.map((name, index) => `.Xr ${name} 1${index + 1 < references.length ? ' ,' : ''}`),
    ),
  ];
  return { name: 'oxhost', lines };
}
