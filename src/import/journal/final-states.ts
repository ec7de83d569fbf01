import { JournalDamagedError } from './errors.ts';
import { decodeLine, type Line, readLines } from './line.ts';
import type { IntentRecord, OutcomeRecord } from './record.ts';
import { type LoginState, type LoginStates, stateOf } from './states.ts';

/** All that the journal has of a login, from its latest intent and what came of it. */
export interface FinalState extends LoginState {
  readonly row: number;
  readonly login: string;
  readonly generated_password: string | undefined;
  readonly id: string | undefined;
  readonly plesk_client_id: string | undefined;
  readonly echoed_login: string | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

type ReadableFile = Parameters<typeof readLines>[0];

/**
 * Every login once, in the order of the file, many at a time: a promise for each of a million would
 * outlive several collections, since V8 keeps what a promise of the old space points to. Only
 * intents whose outcome lies further on are kept in memory meanwhile: as many as there were requests
 * in flight.
 */
export async function* readFinalStates(
  path: string,
  file: ReadableFile,
  end: number,
  states: LoginStates,
): AsyncGenerator<readonly FinalState[]> {
  const open = new Map<string, IntentRecord>();
  for await (const lines of readLines(file, end)) {
    const ended: FinalState[] = [];
    for (const line of lines) {
      const record = decodeEnded(path, line);
      if (record.kind === 'intent') {
        const entry = states.entry(record.login);
        if (entry === undefined || entry.offset !== line.offset) continue;
        if (entry.outcome === undefined) ended.push(finalState(stateOf(entry), record, undefined));
        else open.set(record.login, record);
      } else if (record.kind === 'outcome') {
        const entry = states.entry(record.login);
        const intent = open.get(record.login);
        if (entry === undefined || intent?.attempt !== record.attempt) continue;
        open.delete(record.login);
        ended.push(finalState(stateOf(entry), intent, record));
      }
    }
    if (ended.length > 0) yield ended;
  }
}

function decodeEnded(path: string, line: Line) {
  const record = line.ended ? decodeLine(line.bytes) : undefined;
  if (record !== undefined) return record;
  throw new JournalDamagedError(path, line.offset, 'the line changed while it was in use');
}

/** Member by member: what is made by spreading lives until the next full collection. */
function finalState(
  { status, attempt, answered, earlierUnknown }: LoginState,
  { row, login, generated_password }: IntentRecord,
  outcome: OutcomeRecord | undefined,
): FinalState {
  return {
    status,
    attempt,
    answered,
    earlierUnknown,
    row,
    login,
    generated_password,
    id: outcome?.id,
    plesk_client_id: outcome?.plesk_client_id,
    echoed_login: outcome?.echoed_login,
    error: outcome?.error,
  };
}
