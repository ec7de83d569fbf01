import { RECORD_MAXIMUM } from './row.ts';

export interface TextLine {
  /** Physical line, from 1. */
  readonly line: number;
  /** Undefined for a line above the record maximum: it was passed over without being kept. */
  readonly text: string | undefined;
}

/** Cuts text into lines at LF, CRLF and CR, none of which can occur raw within a JSON token. */
export class LineSplitter {
  private held = '';
  private isTooLong = false;
  private line = 1;

  /** A chunk must not end between a CR and its LF. */
  take(text: string): TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    for (const end of lineEnds(text)) {
      this.hold(text.slice(start, end.from));
      lines.push(this.release());
      start = end.to;
    }
    this.hold(text.slice(start));
    return lines;
  }

  finish(): TextLine[] {
    return this.held === '' && !this.isTooLong ? [] : [this.release()];
  }

  private hold(part: string): void {
    if (this.isTooLong) return;
    this.held += part;
    if (this.held.length <= RECORD_MAXIMUM) return;
    this.held = '';
    this.isTooLong = true;
  }

  private release(): TextLine {
    const released = { line: this.line, text: this.isTooLong ? undefined : this.held };
    this.line += 1;
    this.held = '';
    this.isTooLong = false;
    return released;
  }
}

function* lineEnds(text: string): Generator<{ from: number; to: number }, void, undefined> {
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    yield { from: match.index, to: match.index + match[0].length };
  }
}
