import type { EngineOptions, EngineResult } from './contract.ts';
import { Run } from './engine/run.ts';

/**
 * Sends the rows, each at most once, and writes everything that it must not forget to the journal
 * before it acts on it.
 *
 * A row's intent is on disk before its request may touch the socket, and its outcome before
 * `onRow` is told. A row that certainly was not created, and may be sent again (a wait that the
 * server asked for, no connection, a refusal that concerns the whole run), has the outcome
 * `not_sent`; each further request has an intent of its own. So there is an open intent only while
 * a request is out, however long the pauses are, and being killed in a pause leaves nothing unknown.
 *
 * What `rows`, `onRow` or the journal throw becomes `stop`, once all that was in flight is recorded:
 * it never throws, since only its result tells of answers that the journal could not take.
 */
export function runEngine(options: EngineOptions): Promise<EngineResult> {
  return new Run(options).run();
}
