// Runs the import engine once and prints what it took; see import.js.
import type { ApiClient } from '../../src/api/client.ts';
import { runEngine } from '../../src/import/engine/engine.ts';
import {
  DEFAULTS,
  fastSystem,
  openClient,
  openEngineJournal,
  planFor,
  rowsUpTo,
} from '../import/engine/driving.ts';

const { folder, url, rows, concurrency } = JSON.parse(process.argv[2] ?? '') as {
  folder: string;
  /** Null for a client that answers at once, without a network. */
  url: string | null;
  rows: number;
  concurrency: number;
};

const instant: ApiClient = {
  origin: 'https://api.example.com',
  proxy: null,
  close: () => {},
  exchange: () => Promise.reject(new Error('nothing is exchanged here')),
  async call(_operation, { login }) {
    const result = { id: `id-${login}`, plesk_client_id: '1', login };
    return {
      outcome: { class: 'done', result, warnings: [] },
      attempts: 1,
      retryAfterSeconds: null,
    };
  },
};

const client = url === null ? instant : await openClient(url, { concurrency, timeoutSeconds: 60 });
const journal = await openEngineJournal(folder, client.origin);

/** Megabytes, the most at any time. */
let memory = 0;
let rowsSeen = 0;

const began = performance.now();
const { stop } = await runEngine({
  ...DEFAULTS,
  rows: planFor(rowsUpTo(rows), journal).send,
  journal,
  client,
  concurrency,
  drain: new AbortController().signal,
  system: fastSystem(1),
  onRow() {
    if (rowsSeen % 250 === 0) memory = Math.max(memory, process.memoryUsage.rss() / 1e6);
    rowsSeen += 1;
  },
});
const seconds = (performance.now() - began) / 1000;
const created = [...journal.states.values()].filter(({ status }) => status === 'created').length;
client.close();
await journal.close();
if (stop !== null || created !== rows) throw new Error(`${created} created, ${stop?.message}`);
process.stdout.write(`${JSON.stringify({ seconds, memory })}\n`);
