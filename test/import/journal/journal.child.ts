import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { append, intent, open, outcome, passwordOf } from './opening.ts';

const [mode = '', folder = '', count = '0', lanes = '1'] = process.argv.slice(2);

const say = (line: string) => writeSync(1, `${line}\n`);

const journal = await open(folder);
const before = journal.states.size;
let next = before;

async function appendAndSay(record: Parameters<typeof append>[1], what: string): Promise<void> {
  const appended = append(journal, record);
  if (mode === 'durable') await appended;
  say(`${what} ${record.login}`);
}

async function handle(login: string, row: number): Promise<void> {
  const generated_password = passwordOf(login);
  await appendAndSay(intent(login, { row, generated_password }), 'intent');
  // The broken variant takes no outcome, since it does not know when the intent is written.
  if (mode === 'durable')
    await appendAndSay(outcome(login, 'created', { id: `id-${login}` }), 'created');
  else await nextTurn();
}

async function lane(): Promise<void> {
  while (next < before + Number(count)) {
    next += 1;
    await handle(`client${next}`, next);
  }
}

try {
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
  await journal.close();
  say('done');
} catch (error) {
  say(`failed ${(error as Error).message}`);
  const again = await append(journal, intent('another')).catch((later: unknown) => later);
  say(again === error ? 'refused for the same reason' : 'not refused');
  await journal.close();
}
