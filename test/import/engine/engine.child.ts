import { runEngine } from '../../../src/import/engine/engine.ts';
import {
  DEFAULTS,
  fastSystem,
  openClient,
  openEngineJournal,
  planFor,
  rowsUpTo,
} from './driving.ts';
import { clientOf, journalOf, type Variant } from './variants.ts';

export interface ChildTask {
  readonly folder: string;
  readonly url: string;
  readonly rows: number;
  /** Numbers of rows that are no longer what they were. */
  readonly edited?: readonly number[];
  readonly retryUnknown?: boolean;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** How much faster than real time the engine's pauses pass. */
  readonly speed: number;
  readonly variant: Variant;
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
const edited = new Set(task.edited);

const rows = rowsUpTo(task.rows).map((row) => ({
  ...row,
  ...(edited.has(row.row) && { company: 'Example Company' }),
}));

const journal = await openEngineJournal(task.folder, task.url);
const client = await openClient(task.url, task);
const result = await runEngine({
  ...DEFAULTS,
  rows: planFor(rows, journal, { retryUnknown: task.retryUnknown ?? false }).send,
  journal: journalOf(task.variant, journal),
  client: clientOf(task.variant, client),
  concurrency: task.concurrency,
  maxWaitSeconds: 600,
  retries: 5,
  drain: new AbortController().signal,
  system: fastSystem(task.speed),
});
client.close();
await journal.close();
process.stdout.write(`${JSON.stringify({ stop: result.stop?.message ?? null })}\n`);
