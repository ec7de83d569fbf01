// Runs the import engine once and prints what it took; see import.js.
import type { ApiClient } from '../../src/api/client.ts';
import type { ImportRow } from '../../src/import/contract.ts';
import { runEngine } from '../../src/import/engine.ts';
import {
  DEFAULTS,
  fastSystem,
  openClient,
  openEngineJournal,
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
  close: () => {},
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
const journal = await openEngineJournal(folder, client.origin, rows);

/** Megabytes, each the highest of its hundredth of the run. */
const memory: number[] = [];
async function* watchedRows(): AsyncGenerator<ImportRow> {
  let taken = 0;
  for await (const row of rowsUpTo(rows)) {
    if (taken % 250 === 0) {
      const part = Math.floor((100 * taken) / rows);
      memory[part] = Math.max(memory[part] ?? 0, process.memoryUsage.rss() / 1e6);
    }
    taken += 1;
    yield row;
  }
}

const began = performance.now();
const { stop } = await runEngine({
  ...DEFAULTS,
  rows: watchedRows(),
  journal,
  client,
  concurrency,
  drain: new AbortController().signal,
  system: fastSystem(1),
});
const seconds = (performance.now() - began) / 1000;
const { created } = journal.counts;
client.close();
await journal.close();
if (stop !== null || created !== rows) throw new Error(`${created} created, ${stop?.message}`);
process.stdout.write(`${JSON.stringify({ seconds, memory })}\n`);
