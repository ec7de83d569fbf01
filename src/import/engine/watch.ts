import type { Outcome } from '../../api/outcome.ts';
import type { OxhostError } from '../../errors.ts';
import type { Meaning } from './meaning.ts';
import { isWrongEndpoint } from './meaning.ts';
import { tooManyErrors, tooManyUnknown } from './stop.ts';

/** Unknowns in a row after which the server, and not the rows, is to be doubted. */
const MOST_UNKNOWN = 50;
/** Rows in a row that are "not found" after which the address is to be doubted again. */
const MOST_NOT_FOUND = 10;

/** Looks at the answers of all workers in the order in which they come. */
export class Watch {
  readonly #maxErrors: number | null;
  #unknownInARow = 0;
  #notFoundInARow = MOST_NOT_FOUND;
  #failed = 0;
  #unknown = 0;

  constructor(maxErrors: number | null) {
    this.#maxErrors = maxErrors;
  }

  /** Whether a "not found" is about its row, and not about the address. */
  get endpointWorks(): boolean {
    return this.#notFoundInARow < MOST_NOT_FOUND;
  }

  /** Takes an answer in; gives the reason to stop, if it is one. */
  see(meaning: Meaning, outcome: Outcome): OxhostError | null {
    if (meaning.stop !== null) return meaning.stop;
    const { status } = meaning.outcome;
    if (status === 'unknown') this.#unknownInARow += 1;
    else if (outcome.class !== 'not_sent') this.#unknownInARow = 0;
    if (outcome.class === 'rejected' && isWrongEndpoint(outcome.reply.status)) {
      this.#notFoundInARow += 1;
    } else if (outcome.class === 'done' || outcome.class === 'rejected') {
      this.#notFoundInARow = 0;
    }
    if (this.#unknownInARow >= MOST_UNKNOWN) return tooManyUnknown(this.#unknownInARow);
    return meaning.next === 'end' && status !== 'created'
      ? this.#countFailure(meaning.outcome)
      : null;
  }

  #countFailure({ status }: Meaning['outcome']): OxhostError | null {
    this.#failed += 1;
    if (status === 'unknown') this.#unknown += 1;
    if (this.#maxErrors === null || this.#failed < this.#maxErrors) return null;
    return tooManyErrors(this.#failed, this.#maxErrors, this.#unknown);
  }
}
