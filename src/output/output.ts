import { type ErrorReport, OxhostError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { System } from '../system.ts';
import { cellText, flatten } from './cells.ts';
import { errorData, errorLines, shortBody } from './error-report.ts';
import { stringifyJson } from './json.ts';
import type { Redactor } from './masking.ts';
import { sanitizeLine } from './sanitize.ts';
import { createStyle, type Style, wantsColor } from './style.ts';
import { wrap } from './wrap.ts';

/** One object: what a command found out or made. Values are text, numbers, booleans, null or nested data. */
export type ResultRecord = Readonly<Record<string, unknown>>;

export interface OutputOptions {
  /** Its stderr is looked at on first use: a stream costs a start some milliseconds to open. */
  system: Pick<System, 'stdout' | 'stderr' | 'env'>;
  settings: Pick<Settings, 'json' | 'fields' | 'quiet' | 'debug' | 'color'>;
  redactor: Redactor;
}

/**
 * The only owner of stdout and stderr. stdout is data; all else goes to stderr, as words for
 * people or, with `--json`, as one JSON object a line.
 */
export class Output {
  readonly #options: OutputOptions;
  #stderrStyle: Style | undefined;
  #hasSpoken = false;
  #hideActivity: () => void = () => {};

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  get isJson(): boolean {
    return this.#options.settings.json;
  }

  get #style(): Style {
    const { settings, system } = this.#options;
    this.#stderrStyle ??= createStyle(
      !settings.json && wantsColor(settings.color, system.env, system.stderr),
    );
    return this.#stderrStyle;
  }

  /** Nobody gets what is written to stdout: it is closed, or leads to the null device. */
  get reachesNobody(): boolean {
    return this.#options.system.stdout.isDiscarded === true;
  }

  /** Whether something may move on stderr: a spinner, a bar. */
  get mayAnimate(): boolean {
    const { settings, system } = this.#options;
    return (
      !settings.json &&
      !settings.quiet &&
      !settings.debug &&
      system.stderr.isTTY === true &&
      system.env['TERM'] !== 'dumb'
    );
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
    const chosen = this.#choose(record);
    if (this.isJson) return this.json(chosen);
    const pairs = flatten(chosen).map(
      ([name, value]) => [cellText(name), cellText(value)] as const,
    );
    if (this.#options.system.stdout.isTTY !== true) {
      return this.write(pairs.map(([name, value]) => `${name}\t${value}\n`).join(''));
    }
    const { renderPairs } = await import('./table.ts');
    return this.write(renderPairs(pairs, this.#layout()));
  }

  /** Writes a list to stdout. @throws OxhostError when stdout cannot take it. */
  async list(columns: readonly string[], records: readonly ResultRecord[]): Promise<void> {
    if (this.isJson) return this.json(records.map((record) => this.#choose(record)));
    const rows = records.map((record) => columns.map((column) => cellText(record[column])));
    if (this.#options.system.stdout.isTTY !== true) {
      return this.write([columns, ...rows].map((row) => `${row.join('\t')}\n`).join(''));
    }
    const { renderRows } = await import('./table.ts');
    const layout = this.#layout();
    const state = columns.findIndex((column) => column === 'status' || column === 'state');
    const coloured = rows.map((row) => row.with(state, layout.state(row[state] ?? '')));
    return this.write(renderRows(columns, state === -1 ? rows : coloured, layout));
  }

  /** Writes JSON to stdout, whatever the output format. @throws OxhostError as above. */
  async json(value: unknown): Promise<void> {
    const readable = this.#options.system.stdout.isTTY === true;
    return this.write(`${stringifyJson(value, { readable })}\n`);
  }

  /** Writes data as it is. @throws OxhostError when stdout cannot take it. */
  async write(text: string | Uint8Array): Promise<void> {
    this.#hideActivity();
    const { stdout } = this.#options.system;
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => {
        reject(
          new OxhostError(
            'internal',
            `The result could not be written to standard output (${error.code ?? error.message}).`,
            { isBrokenPipe: error.code === 'EPIPE' },
          ),
        );
      };
      stdout.once('error', fail);
      stdout.write(text, (error) => {
        if (error) return fail(error);
        stdout.removeListener('error', fail);
        resolve();
      });
    });
  }

  /** @param always also with `--quiet`: what nobody may miss. */
  note(code: string, message: string, always = false): void {
    if (this.#options.settings.quiet && !always) return;
    this.#line({ note: { code, message } }, this.#style.note('note:'), message);
  }

  warning(code: string, message: string): void {
    this.#line({ warning: { code, message } }, this.#style.warning('warning:'), message);
  }

  debug(message: string): void {
    if (!this.#options.settings.debug) return;
    const label = this.#style.note('debug:');
    const short = shortBody(message, (text) => this.#options.redactor.apply(text));
    this.#line({ note: { code: 'debug', message: short } }, label, short, (line) =>
      this.#toStderr(line),
    );
  }

  /** A command to be copied: never broken. For people alone, data has its own notes. */
  command(text: string): void {
    this.#hideActivity();
    if (!this.isJson) this.#toStderr(sanitizeLine(text));
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
    const mask = (text: string) => this.#options.redactor.apply(text);
    if (this.isJson) {
      this.#toStderr(stringifyJson(this.#masked({ error: errorData(report, mask) })));
      return;
    }
    for (const line of errorLines(report, mask, this.#style)) this.#words(line);
  }

  #line(
    object: object,
    label: string,
    message: string,
    write: (line: string) => void = (line) => this.#words(line),
  ): void {
    this.#hideActivity();
    if (this.isJson) {
      this.#toStderr(stringifyJson(this.#masked(object)));
      return;
    }
    const clean = sanitizeLine(message);
    write(label === '' ? clean : `${label} ${clean}`);
  }

  /** A line for people: on a terminal it is broken between words; masked before that. */
  #words(line: string): void {
    const { redactor } = this.#options;
    const { stderr } = this.#options.system;
    const masked = redactor.apply(line);
    const width = stderr.isTTY === true ? (stderr.columns ?? 0) : 0;
    this.#hasSpoken = true;
    stderr.write(`${width > 0 ? wrap(masked, width) : masked}\n`);
  }

  /** Every text in it, before JSON escapes it once more. */
  #masked(value: unknown): unknown {
    if (typeof value === 'string') return this.#options.redactor.apply(value);
    if (Array.isArray(value)) return value.map((member) => this.#masked(member));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#masked(member)]),
    );
  }

  #toStderr(line: string): void {
    this.#hasSpoken = true;
    this.#options.system.stderr.write(`${this.#options.redactor.apply(line)}\n`);
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
