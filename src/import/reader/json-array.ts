import { InputError } from './input-error.ts';
import { RECORD_MAXIMUM } from './row.ts';

export interface ArrayElement {
  /** Physical line at which the element begins, from 1. */
  readonly line: number;
  /** Without white space around it; empty when a comma stands where an element should. */
  readonly text: string;
}

type State = 'before' | 'inside' | 'after';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

/**
 * Cuts the text of a JSON array into the texts of its elements, whatever the chunks. It knows
 * strings, escapes and depth; whether an element is valid JSON is for a parser to say.
 */
export class ArraySplitter {
  private state: State = 'before';
  private held = '';
  private depth = 0;
  private isString = false;
  private isEscaped = false;
  private hasElement = false;
  private commas = 0;
  private line = 1;
  private elementLine = 1;
  private isAfterReturn = false;

  /** @throws InputError when the text cannot be an array, or an element is too large. */
  take(text: string): ArrayElement[] {
    const elements: ArrayElement[] = [];
    let start = this.hasElement ? 0 : -1;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (this.isString) {
        this.readString(code);
        continue;
      }
      if (code === SPACE || code === TAB || code === LINE_FEED || code === CARRIAGE_RETURN) {
        this.countLine(code);
        continue;
      }
      this.isAfterReturn = false;
      if (this.state !== 'inside') {
        this.readOutside(code);
        continue;
      }
      if (this.depth === 0 && (code === COMMA || code === BRACKET_END)) {
        const end = start === -1 ? '' : text.slice(start, index);
        this.finishElement(end, code, elements);
        start = -1;
        continue;
      }
      if (!this.hasElement) {
        this.hasElement = true;
        this.elementLine = this.line;
        start = index;
      }
      this.readToken(code);
    }
    if (start !== -1) this.hold(text.slice(start));
    return elements;
  }

  /** @throws InputError when the array has not ended. */
  finish(): void {
    if (this.state === 'after') return;
    if (this.state === 'before') throw new InputError('there is no JSON array in the file');
    throw this.isString || this.hasElement
      ? this.failure(
          `the file ends within the record that begins at line ${this.elementLine}`,
          this.elementLine,
        )
      : this.failure('the file ends before the JSON array does');
  }

  private readString(code: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (code === BACKSLASH) this.isEscaped = true;
    else if (code === QUOTE) this.isString = false;
    if (code < SPACE) {
      throw this.failure(`the text that opens at line ${this.line} is not closed on that line`);
    }
  }

  private readToken(code: number): void {
    if (code === QUOTE) this.isString = true;
    else if (code === BRACE || code === BRACKET) this.depth += 1;
    else if (code === BRACE_END || code === BRACKET_END) {
      if (this.depth === 0) throw this.failure(`there is a } too many at line ${this.line}`);
      this.depth -= 1;
    }
  }

  private readOutside(code: number): void {
    if (this.state === 'after') {
      throw this.failure(`there is something behind the JSON array at line ${this.line}`);
    }
    if (code !== BRACKET) {
      throw new InputError(`line ${this.line} begins with no [: this is no JSON array`, {
        line: this.line,
        hint:
          code === BRACE
            ? 'For one object a line, give --format ndjson; an array within an object has to be taken out first.'
            : 'A JSON file must hold an array of objects.',
      });
    }
    this.state = 'inside';
  }

  private countLine(code: number): void {
    if (code === CARRIAGE_RETURN || (code === LINE_FEED && !this.isAfterReturn)) this.line += 1;
    this.isAfterReturn = code === CARRIAGE_RETURN;
  }

  private finishElement(end: string, code: number, elements: ArrayElement[]): void {
    if (this.hasElement) this.hold(end);
    const isEmptyArray = code === BRACKET_END && this.commas === 0 && !this.hasElement;
    const line = this.hasElement ? this.elementLine : this.line;
    if (!isEmptyArray) elements.push({ line, text: this.held.trimEnd() });
    this.held = '';
    this.hasElement = false;
    if (code === COMMA) this.commas += 1;
    else this.state = 'after';
  }

  private hold(part: string): void {
    this.held += part;
    if (this.held.length <= RECORD_MAXIMUM) return;
    throw new InputError(
      `the record at line ${this.elementLine} is larger than ${RECORD_MAXIMUM} characters`,
      { line: this.elementLine },
    );
  }

  private failure(message: string, line = this.line): InputError {
    return new InputError(message, { line });
  }
}
