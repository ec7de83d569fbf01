import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { viewJournal } from '../../../src/import/journal/open.ts';
import { seededFractions } from '../../plesk/seeded-random.ts';
import { killLater } from '../../support/kill-later.ts';
import { unknownLogins } from '../unknown-logins.ts';
import { type ChaosServer, startChaosServer } from './chaos-server.ts';
import { loginOf, rowOf } from './driving.ts';
import type { ChildTask } from './engine.child.ts';
import type { Variant } from './variants.ts';

export interface CrashPlan {
  /** The bundled `engine.child.ts`. */
  readonly child: string;
  readonly seed: number;
  readonly rows: number;
  readonly kills: number;
  readonly variant?: Variant;
}

/** What became of the rows; lists of logins are to be empty. */
export interface CrashReport {
  readonly kills: number;
  readonly runs: number;
  readonly tornTails: number;
  /** Runs that repeated what was unknown, and how many rows that was, summed up. */
  readonly retries: number;
  readonly repeatable: number;
  readonly edited: number;
  readonly requests: number;
  readonly commits: number;
  readonly states: Readonly<Record<string, number>>;
  readonly happened: Readonly<Record<string, number>>;
  readonly duplicates: readonly string[];
  readonly forgotten: readonly string[];
  readonly lostPasswords: readonly string[];
  readonly calledCreated: readonly string[];
  readonly calledNotCreated: readonly string[];
}

const MOST_CONCURRENT = 8;
const RETRY_UNKNOWN_CHANCE = 0.25;
const EDITS_CHANCE = 0.5;
const MOST_EDITS = 10;

/**
 * Runs the engine over the rows, killing it until it has been killed often enough, then to the end.
 * From one run to the next rows are edited and added, and some runs repeat what is unknown.
 */
export async function crash(plan: CrashPlan): Promise<CrashReport> {
  const random = seededFractions(plan.seed);
  const folder = await mkdtemp(join(tmpdir(), 'oxhost-crash-'));
  const server = await startChaosServer(seededFractions(plan.seed + 1));
  const task: Omit<ChildTask, 'rows' | 'edited' | 'retryUnknown' | 'concurrency'> = {
    folder,
    url: server.url,
    timeoutSeconds: 0.5,
    speed: 50,
    variant: plan.variant ?? 'whole',
  };
  let kills = 0;
  let runs = 0;
  let tornTails = 0;
  let retries = 0;
  let repeatable = 0;
  let rows = Math.ceil(0.7 * plan.rows);
  const edited = new Set<number>();
  try {
    for (;;) {
      runs += 1;
      if (runs > 3 * plan.kills + 50) throw new Error(`no end after ${runs} runs`);
      const concurrency = 1 + Math.floor(random() * MOST_CONCURRENT);
      const retryUnknown = random() < RETRY_UNKNOWN_CHANCE;
      // Whoever asks for that knows what became of them, and that nothing is under way any more.
      if (retryUnknown || server.mayRepeat.size > 0) await server.settled();
      server.mayRepeat = new Set(retryUnknown ? await unknownLogins(folder, server.url) : []);
      repeatable += server.mayRepeat.size;
      if (retryUnknown) retries += 1;
      const argument = JSON.stringify({
        ...task,
        rows,
        edited: [...edited],
        retryUnknown,
        concurrency,
      } satisfies ChildTask);
      const child = spawn(process.execPath, [plan.child, argument], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = text(child.stdout);
      const ended = once(child, 'exit');
      if (kills < plan.kills) {
        const left = { requests: plan.rows - server.logins.size, kills: plan.kills - kills + 1 };
        killLater({ kill: () => child.kill('SIGKILL'), server }, left, random);
      }
      const [code, signal] = (await ended) as [number | null, string | null];
      server.onRequest = () => {};
      if (signal === 'SIGKILL') {
        kills += 1;
        if (random() < 0.35 && (await tearTail(folder, random))) tornTails += 1;
      } else if (code !== 0) {
        throw new Error(`the engine ended with ${code ?? signal}: ${await said}`);
      } else if ((JSON.parse(await said) as { stop: string | null }).stop === null) {
        if (rows === plan.rows) break;
        rows = plan.rows;
      }
      if (random() < EDITS_CHANCE) {
        const edits = Math.ceil(random() * MOST_EDITS);
        for (let edit = 0; edit < edits; edit += 1) edited.add(Math.ceil(random() * rows));
        rows += Math.floor(random() * 0.2 * (plan.rows - rows));
      }
    }
    await server.settled();
    const facts = { kills, runs, tornTails, retries, repeatable, edited: edited.size };
    return { ...facts, ...(await judge(folder, server, plan.rows)) };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a power loss can leave at the end: the beginning of a line. */
async function tearTail(folder: string, random: () => number): Promise<boolean> {
  const path = join(folder, 'journal.ndjson');
  const journal = await readFile(path).catch(() => undefined);
  if (journal === undefined || journal.at(-1) !== 0x0a) return false;
  const line = journal.subarray(journal.lastIndexOf(0x0a, journal.length - 2) + 1, -1);
  await appendFile(path, line.subarray(0, Math.max(1, Math.floor(random() * line.length))));
  return true;
}

async function judge(folder: string, server: ChaosServer, rows: number) {
  const states = (await viewJournal(folder, server.url))?.states ?? new Map();

  const logins = Array.from({ length: rows }, (_, index) => loginOf(index + 1));
  const commitsOf = (login: string) => server.commits.get(login) ?? [];
  const statusOf = (login: string) => states.get(login)?.status;
  const isKept = (login: string, password: string) =>
    states.get(login)?.generated_password === password ||
    rowOf(Number(login.replace('client', ''))).password === password;
  return {
    requests: server.requests,
    commits: [...server.commits.values()].flat().length,
    states: countBy(logins.map((login) => statusOf(login) ?? 'none')),
    happened: Object.fromEntries(server.happened),
    duplicates: logins.filter((login) => commitsOf(login).length > 1),
    forgotten: logins.filter((login) => [undefined, 'not_sent'].includes(statusOf(login))),
    lostPasswords: logins.filter((login) =>
      commitsOf(login).some(({ password }) => !isKept(login, password)),
    ),
    calledCreated: logins.filter(
      (login) =>
        (statusOf(login) === 'created' &&
          !commitsOf(login).some(({ id }) => id === states.get(login)?.id)) ||
        (statusOf(login) === 'already_exists' && commitsOf(login).length === 0),
    ),
    calledNotCreated: logins.filter(
      (login) => statusOf(login) === 'rejected' && commitsOf(login).length > 0,
    ),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
