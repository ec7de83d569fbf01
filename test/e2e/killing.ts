import { readFile, writeFile } from 'node:fs/promises';
import { unknownLogins } from '../import/unknown-logins.ts';
import { seededFractions } from '../plesk/seeded-random.ts';
import { killLater } from '../support/kill-later.ts';
import { startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { toolRuntime } from '../support/tool.ts';
import { startTrustingServer, type TrustingServer, UNWANTED } from './trusting-server.ts';

export interface KillingPlan {
  /** Of the built tool. */
  readonly launcher: string;
  readonly seed: number;
  readonly rows: number;
  /** Of plain runs, and then of runs with --retry-unknown. */
  readonly kills: number;
  readonly retryKills: number;
  /** Done after each kill. */
  readonly spoil?: (journal: string) => Promise<unknown>;
}

/** What became of the rows; lists of logins are to be empty. */
export interface Judgement {
  readonly states: Readonly<Record<string, number>>;
  readonly duplicates: readonly string[];
  /** Without a line in the results, or with several. */
  readonly missing: readonly string[];
  readonly lostPasswords: readonly string[];
  /** As created, though the server made none, or another one. */
  readonly calledCreated: readonly string[];
  /** As neither created nor unknown, though the server made it. */
  readonly calledNotCreated: readonly string[];
  /** Was reported as created by a run, and is not in the results. */
  readonly takenBack: readonly string[];
}

export interface KillingReport {
  readonly kills: number;
  /** Rows that were unknown when a run with --retry-unknown began, summed up. */
  readonly repeatable: number;
  /** When the plain runs came to an end, and when nothing was unknown any more. */
  readonly plain: Judgement;
  readonly retried: Judgement;
  /** Sent again, since they were unknown, with another password. */
  readonly otherPasswords: readonly string[];
  /** Requests of a plain run after all that. */
  readonly requestsOfLastRun: number;
}

interface Line {
  readonly login: string;
  readonly status: string;
  readonly id: string | null;
  readonly generated_password?: string | null;
}

/** Imports a list with the built tool, killing it again and again, while the list is edited. */
export async function importKilling(plan: KillingPlan): Promise<KillingReport> {
  const random = seededFractions(plan.seed);
  await using folder = await temporaryFolder();
  await using server = await startTrustingServer(seededFractions(plan.seed + 1));
  const file = folder.join('clients.csv');
  const journal = `${file}.oxhost`;
  const results = folder.join('results.ndjson');
  const list = new EditedList(plan.rows, random);
  /** Ids by login, as any run reported them. */
  const told = new Map<string, string | null>();
  const args = ['plesk', 'client', 'import', file, '--generate-passwords', '--json'];
  const env = {
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('config'),
  };

  let repeatable = 0;

  /** Whether it was killed. */
  async function run(more: readonly string[], killsLeft: number): Promise<boolean> {
    await server.settled();
    server.mayRepeat = new Set(
      more.includes('--retry-unknown') ? await unknownLogins(journal, server.url) : [],
    );
    repeatable += server.mayRepeat.size;
    const concurrency = `${1 + Math.floor(random() * 10)}`;
    const running = startProcess(
      toolRuntime(),
      [plan.launcher, ...args, '--results', results, '--concurrency', concurrency, ...more],
      { env },
    );
    if (killsLeft > 0) {
      const requests = server.mayRepeat.size || plan.rows - told.size;
      const kill = () => running.kill('SIGKILL');
      killLater({ kill, server }, { requests, kills: killsLeft }, random);
    }
    const { exitCode, signal, stdout, stderr } = await running.exited;
    server.onRequest = () => {};
    for (const { login, status, id } of linesOf(stdout)) {
      if (status === 'created') told.set(login, id);
    }
    const isKilled = signal === 'SIGKILL';
    if (!isKilled && ![0, 3, 8].includes(exitCode ?? -1)) {
      throw new Error(`the import ended with ${exitCode ?? signal}: ${stderr}`);
    }
    return isKilled;
  }

  let kills = 0;
  async function runKilling(times: number, more: readonly string[]): Promise<void> {
    // A run may end before its kill comes.
    for (let killed = 0, runs = 0; killed < times && runs < 2 * times; runs += 1) {
      await writeFile(file, list.edit());
      if (!(await run(more, times - killed))) continue;
      killed += 1;
      kills += 1;
      await plan.spoil?.(journal);
    }
    await writeFile(file, list.finish());
    await run(more, 0);
    await server.settled();
  }

  const judgeNow = async () => judge(linesOf(await readFile(results, 'utf8')), list, told, server);
  await runKilling(plan.kills, []);
  const plain = await judgeNow();
  await runKilling(plan.retryKills, ['--retry-unknown']);
  const requests = server.requests;
  await run([], 0);
  const retried = await judgeNow();
  return {
    kills,
    repeatable,
    plain,
    retried,
    otherPasswords: server.otherPasswords,
    requestsOfLastRun: server.requests - requests,
  };
}

/** A list whose rows are mended, and to which rows are added, from one run to the next. */
class EditedList {
  readonly #rows: number;
  readonly #random: () => number;
  readonly #unwanted: Set<string>;
  readonly #renamed = new Set<string>();
  #length: number;

  constructor(rows: number, random: () => number) {
    this.#rows = rows;
    this.#random = random;
    this.#length = Math.ceil(rows * 0.7);
    this.#unwanted = new Set(this.logins.filter(() => random() < 0.1));
  }

  get logins(): string[] {
    return Array.from({ length: this.#rows }, (_, index) => `client${index + 1}`);
  }

  /** Some of the refused rows are mended, some others renamed, and some come to it. */
  edit(): string {
    for (const login of this.logins) {
      if (this.#random() < 0.1) this.#unwanted.delete(login);
      if (this.#random() < 0.05) this.#renamed.add(login);
    }
    this.#length += Math.floor(this.#random() * 0.1 * this.#rows);
    return this.#text();
  }

  finish(): string {
    this.#length = this.#rows;
    return this.#text();
  }

  #text(): string {
    const lines = this.logins.slice(0, this.#length).map((login) => {
      const name = this.#renamed.has(login) ? 'Renamed Client' : 'Example Client';
      const company = this.#unwanted.has(login) ? UNWANTED : 'Example Company';
      return `${name},${login},${login}@example.com,${company}`;
    });
    return ['name,login,email,company', ...lines, ''].join('\n');
  }
}

/** Whole lines; the last one of a run that was killed may be torn. */
function linesOf(text: string): Line[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

function judge(
  lines: readonly Line[],
  { logins }: EditedList,
  told: ReadonlyMap<string, string | null>,
  server: TrustingServer,
): Judgement {
  const linesBy = new Map<string, Line[]>();
  for (const line of lines) linesBy.set(line.login, [...(linesBy.get(line.login) ?? []), line]);
  const states: Record<string, number> = {};
  for (const { status } of lines) states[status] = (states[status] ?? 0) + 1;
  const commitsOf = (login: string) => server.commits.get(login) ?? [];
  const lineOf = (login: string) => linesBy.get(login)?.[0];
  const isCommitted = (login: string) => commitsOf(login).length > 0;
  return {
    states,
    duplicates: logins.filter((login) => commitsOf(login).length > 1),
    missing: logins.filter((login) => linesBy.get(login)?.length !== 1),
    lostPasswords: logins.filter((login) =>
      commitsOf(login).some(({ password }) => password !== lineOf(login)?.generated_password),
    ),
    calledCreated: logins.filter((login) => {
      const { status, id } = lineOf(login) ?? {};
      if (status === 'already_exists') return !isCommitted(login);
      return status === 'created' && !commitsOf(login).some((commit) => commit.id === id);
    }),
    calledNotCreated: logins.filter(
      (login) =>
        isCommitted(login) &&
        !['created', 'already_exists', 'unknown'].includes(lineOf(login)?.status ?? ''),
    ),
    takenBack: [...told].flatMap(([login, id]) => {
      const line = lineOf(login);
      return line?.status === 'created' && line.id === id ? [] : [login];
    }),
  };
}
