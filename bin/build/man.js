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
  const day = new Date(date * 1000).toLocaleDateString('en-US', {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  mkdirSync(folder, { recursive: true });
  const pages = [['oxhost', mainPage(tree)]];
  for (const it of tree.commands) pages.push([pageOf(it), commandPage(it, tree.exit_codes)]);
  for (const [name, lines] of pages) {
    const text = [`.Dd ${day}`, `.Dt ${name.toUpperCase()} 1`, '.Os', ...lines, ''].join('\n');
    writeFileSync(path.join(folder, `${name}.1`), text);
  }
}

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
const escapeDashes = (name) => name.replace(/^-/, '').replaceAll('-', '\\-');

const pageOf = ({ command }) => `oxhost-${command.replaceAll(' ', '-')}`;
const item = (name, text) => [`.It ${name}`, plain(text)];
const list = (items) => (items.length === 0 ? [] : ['.Bl -tag -width Ds', ...items.flat(), '.El']);
const verbatim = (rows) => (rows.length === 0 ? [] : ['.Bd -literal', ...rows.map(plain), '.Ed']);
const section = (title, lines) => (lines.length === 0 ? [] : [`.Sh ${title}`, ...lines]);
const exitStatus = (codes) =>
  section('EXIT STATUS', list(codes.map(({ code, meaning }) => item(code, meaning))));

function optionItem({ name, short, value, description }) {
  const names = [short, name].filter(Boolean).map((it) => `Fl ${escapeDashes(it)}`);
  return item(`${names.join(' , ')}${value === null ? '' : ` Ar ${inMacro(value)}`}`, description);
}

/** A paragraph, and what is indented below it, as it is. */
function paragraph(note) {
  const [first, ...rows] = note.split('\n');
  return ['.Pp', plain(bySentence(first)), ...verbatim(rows)];
}

function commandPage(command, exitCodes) {
  const { summary, options, arguments: operands, examples = [], notes = [] } = command;
  return [
    ...section('NAME', [`.Nm ${pageOf(command)}`, `.Nd ${inMacro(summary)}`]),
    ...section('SYNOPSIS', ['.Nm oxhost', `.Cm ${command.command}`, '.Op Ar options']),
    ...operands.map(({ name, required }) => `.${required ? '' : 'Op '}Ar ${name}`),
    ...section('DESCRIPTION', [plain(`${summary[0].toUpperCase()}${summary.slice(1)}.`)]),
    ...notes.flatMap(paragraph),
    ...list([
      ...operands.map(({ name, description }) => item(`Ar ${name}`, description)),
      ...options.map(optionItem),
    ]),
    ...exitStatus(exitCodes.filter(({ code }) => command.exit_codes.includes(code))),
    ...section('EXAMPLES', verbatim(examples)),
    ...section('SEE ALSO', ['.Xr oxhost 1 ,', 'which has the options of all commands']),
  ];
}

function mainPage({ commands, environment, exit_codes, global_options }) {
  const pages = commands.map((it) => `.Xr ${pageOf(it)} 1`).sort();
  return [
    ...section('NAME', ['.Nm oxhost', '.Nd command-line tool for the hosting provider 0xHost']),
    ...section('SYNOPSIS', ['.Nm', '.Ar command', '.Op Ar options']),
    ...section('DESCRIPTION', ['The commands, each with a page of its own:']),
    ...list(commands.map(({ command, summary }) => item(`Cm ${command}`, summary))),
    '.Pp',
    'These options are for all commands:',
    ...list(global_options.map(optionItem)),
    ...section('ENVIRONMENT', list(environment.map((it) => item(`Ev ${it.name}`, it.meaning)))),
    ...exitStatus(exit_codes),
    ...section('SEE ALSO', pages.join(' ,\n').split('\n')),
  ];
}
