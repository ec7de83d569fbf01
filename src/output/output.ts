import { type ErrorReport, OxhostError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { OutputStream, System } from '../system.ts';
import { errorData, errorLines, type LabelledLine } from './error-report.ts';
import { bareValue, cellText, flatten, stringifyJson } from './json.ts';
import { maskPairs, type Redactor } from './masking.ts';
import { createStyle, type Style, wantsColor } from './style.ts';
import { sanitizeLine, shortenBytes, wrap } from './text.ts';

const LONGEST_DEBUG_LINE_BYTES = 2_048;

/** One object: what a command found out or made. */
export type ResultRecord = Readonly<Record<string, unknown>>;

export interface OutputOptions {
  /** Its stderr is looked at on first use: a stream costs a start some milliseconds to open. */
  system: Pick<System, 'stdout' | 'stderr' | 'env' | 'platform'>;
  settings: Pick<Settings, 'json' | 'fields' | 'get' | 'quiet' | 'debug' | 'color'>;
  redactor: Redactor;
}

/**
 * The only owner of stdout and stderr. stdout is data; all else goes to stderr, as words for
 * people or, with `--json`, as one JSON object a line.
 */
export class Output {
  readonly #options: OutputOptions;
  readonly #mask: (text: string) => string;
  #stderrStyle: Style | undefined;
  #hasSpoken = false;
  #hideActivity: () => void = () => {};

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#mask = (text) => options.redactor.apply(text);
  }

  get isJson(): boolean {
    return this.#options.settings.json;
  }

  /** Nobody gets what is written to stdout: it is closed, or leads to the null device. */
  get reachesNobody(): boolean {
    return this.#options.system.stdout.isDiscarded === true;
  }

  /** Whether something may move on stderr: a spinner, a bar. */
  get mayAnimate(): boolean {
    const { settings, system } = this.#options;
    const isStill = settings.json || settings.quiet || settings.debug;
    return !isStill && system.stderr.isTTY === true && system.env['TERM'] !== 'dumb';
  }

  /** Resolves when stderr has taken everything, or cannot: a pipe may be slower than the end. */
  async drained(): Promise<void> {
    if (!this.#hasSpoken) return;
    await new Promise<void>((resolve) => {
      this.#options.system.stderr.write('', () => resolve());
    });
  }

  /** Whatever moves on stderr has to make room before a line is written. */
  onLine(hideActivity: () => void): void {
    this.#hideActivity = hideActivity;
  }

  /** Writes one object to stdout. @throws OxhostError when stdout cannot take it. */
  async record(record: ResultRecord): Promise<void> {
    if (this.#options.settings.get !== null) return this.#values([record]);
    if (this.isJson) return this.json(this.#choose(record));
    const pairs = flatten(record).map(
      ([name, value]) => [cellText(name), cellText(value)] as const,
    );
    if (!this.#isTerminal) return this.write(tabSeparated(pairs));
    const { renderPairs } = await import('./table.ts');
    return this.write(renderPairs(pairs, this.#layout()));
  }

  /**
   * Writes a list to stdout. On a terminal the words of a column `state` or `status` have colours,
   * and a column `current` is an asterisk before the row.
   * @throws OxhostError when stdout cannot take it.
   */
  async list(columns: readonly string[], records: readonly ResultRecord[]): Promise<void> {
    if (this.#options.settings.get !== null) return this.#values(records);
    if (this.isJson) return this.json(records.map((record) => this.#choose(record)));
    const cellsOf = (names: readonly string[], record: ResultRecord) =>
      names.map((name) => cellText(record[name]));
    if (!this.#isTerminal) {
      return this.write(tabSeparated([columns, ...records.map((each) => cellsOf(columns, each))]));
    }
    const { renderRows } = await import('./table.ts');
    const layout = this.#layout();
    const shown = columns.filter((name) => name !== 'current');
    const state = shown.findIndex((name) => name === 'status' || name === 'state');
    const marks = shown.length < columns.length;
    const rows = records.map((record) => {
      const cells = cellsOf(shown, record);
      const painted = state < 0 ? cells : cells.with(state, layout.state(cells[state] ?? ''));
      return marks ? [record['current'] === true ? '*' : '', ...painted] : painted;
    });
    return this.write(renderRows(marks ? ['', ...shown] : shown, rows, layout));
  }

  async #values(records: readonly ResultRecord[], path = this.#options.settings.get ?? '') {
    const values = records.map((record) => bareValue(record, path));
    if (values.includes(null)) this.warning('no_value', `The answer has no ${path}.`);
    return this.write(values.map((value) => `${value ?? ''}\n`).join(''));
  }

  /** Writes JSON to stdout, whatever the output format. @throws OxhostError as above. */
  async json(value: unknown): Promise<void> {
    return this.write(`${this.#jsonFor(this.#options.system.stdout, value, this.#isTerminal)}\n`);
  }

  /** Writes a JSON object on each line, also on a terminal. @throws OxhostError as above. */
  async jsonLines(values: readonly unknown[]): Promise<void> {
    const { stdout } = this.#options.system;
    return this.write(values.map((value) => `${this.#jsonFor(stdout, value)}\n`).join(''));
  }

  /** Writes data as it is. @throws OxhostError when stdout cannot take it. */
  async write(text: string | Uint8Array): Promise<void> {
    this.#hideActivity();
    const { stdout } = this.#options.system;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => {
        const message = `The result could not be written to standard output (${error.code ?? error.message}).`;
        reject(new OxhostError('internal', message, { isBrokenPipe: error.code === 'EPIPE' }));
      };
      stdout.once('error', fail);
      stdout.write(text, (error) => {
        if (error) return fail(error);
        stdout.removeListener('error', fail);
        resolve();
      });
    });
  }

  note(code: string, message: string): void {
    if (this.#options.settings.quiet) return;
    this.#line({ note: { code, message } }, 'note:', message, 'note');
  }

  /** It may quote the server: what stands behind a secret's name is hidden. */
  warning(code: string, words: string): void {
    const message = maskPairs(this.#mask(words));
    this.#line({ warning: { code, message } }, 'warning:', message, 'warning');
  }

  debug(message: string): void {
    if (!this.#options.settings.debug) return;
    this.#hideActivity();
    const short = shortenBytes(this.#mask(message), LONGEST_DEBUG_LINE_BYTES);
    if (this.isJson) this.#jsonLine({ note: { code: 'debug', message: short } });
    else this.#toStderr(`${this.#style.note('debug:')} ${sanitizeLine(short)}`);
  }

  success(message: string): void {
    const { settings, system } = this.#options;
    if (this.isJson || settings.quiet || system.stderr.isTTY !== true) return;
    this.#hideActivity();
    this.#words({ label: '✔', text: sanitizeLine(message), color: 'success' });
  }

  /** For people alone, and never broken: a command to be copied, a list to be read. */
  lines(texts: readonly string[]): void {
    this.#hideActivity();
    if (!this.isJson) for (const text of texts) this.#toStderr(sanitizeLine(text));
  }

  summary(summary: ResultRecord, text: string): void {
    this.#line({ summary }, '', text);
  }

  /** A line of a log: an object for programs, words for people. */
  log(name: string, fields: ResultRecord, text: string): void {
    if (!this.#options.settings.quiet) this.#line({ [name]: fields }, '', text);
  }

  error(report: ErrorReport): void {
    this.#hideActivity();
    if (this.isJson) this.#jsonLine({ error: errorData(report, this.#mask) });
    else for (const line of errorLines(report)) this.#words(line);
  }

  get #style(): Style {
    const { settings, system } = this.#options;
    this.#stderrStyle ??= createStyle(wantsColor(settings.color, system.env, system.stderr));
    return this.#stderrStyle;
  }

  get #isTerminal(): boolean {
    return this.#options.system.stdout.isTTY === true;
  }

  #line(object: object, label: string, message: string, color?: keyof Style): void {
    this.#hideActivity();
    if (this.isJson) this.#jsonLine(object);
    else this.#words({ label, text: sanitizeLine(message), ...(color && { color }) });
  }

  /** For people: on a terminal broken between words; masked before that. */
  #words({ label, text, color }: LabelledLine): void {
    const { stderr } = this.#options.system;
    const masked = this.#mask(label === '' ? text : `${label} ${text}`);
    const width = stderr.isTTY === true ? (stderr.columns ?? 0) : 0;
    const folded = width > 0 ? wrap(masked, width, label === '' ? 0 : label.length + 1) : masked;
    const isPainted = color !== undefined && folded.startsWith(label);
    this.#hasSpoken = true;
    stderr.write(
      `${isPainted ? this.#style[color](label) + folded.slice(label.length) : folded}\n`,
    );
  }

  #jsonLine(object: object): void {
    this.#toStderr(this.#jsonFor(this.#options.system.stderr, object));
  }

  #jsonFor(stream: OutputStream, value: unknown, isIndented = false): string {
    const isAscii = this.#options.system.platform === 'win32' && stream.isTTY !== true;
    return stringifyJson(value, { isIndented, isAscii });
  }

  #toStderr(line: string): void {
    this.#hasSpoken = true;
    this.#options.system.stderr.write(`${this.#mask(line)}\n`);
  }

  #choose(record: ResultRecord): ResultRecord {
    const { fields } = this.#options.settings;
    if (fields === null) return record;
    return Object.fromEntries(
      fields.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]),
    );
  }

  #layout() {
    const { settings, system } = this.#options;
    const { env, stdout } = system;
    const style = createStyle(wantsColor(settings.color, env, stdout));
    return { ...style, width: stdout.columns || 80 };
  }
}

function tabSeparated(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}
