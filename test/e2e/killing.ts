import { readFile, writeFile } from 'node:fs/promises';
import { unknownLogins } from '../import/unknown-logins.ts';
import { seededFractions } from '../plesk/seeded-random.ts';
import { killLater } from '../support/kill-later.ts';
import { startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';
import { TrustingServer, UNWANTED } from './trusting-server.ts';

export interface KillingPlan {
  readonly seed: number;
  readonly rows: number;
  /** Of plain runs, and then of runs with --retry-unknown. */
  readonly kills: number;
  readonly retryKills: number;
  /** Done after each kill. */
  readonly spoil?: (journal: string) => Promise<unknown>;
}

/** What became of the rows; the lists of logins are to be empty. */
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

interface Line {
  readonly login: string;
  readonly status: string;
  readonly id: string | null;
  readonly generated_password?: string | null;
}

/**
 * Imports a list with the built tool, killing it again and again, while the list is edited: judged
 * when the plain runs have come to an end, and when nothing is unknown any more.
 */
export async function importKilling(plan: KillingPlan) {
  const random = seededFractions(plan.seed);
  await using folder = await temporaryFolder();
  const trusting = new TrustingServer(seededFractions(plan.seed + 1));
  await trusting.start();
  await using server = trusting.server;
  const file = folder.join('clients.csv');
  const journal = `${file}.oxhost`;
  const results = folder.join('results.ndjson');
  const list = new EditedList(plan.rows, random);
  /** Ids by login, as any run reported them. */
  const reported = new Map<string, string | null>();
  const args = ['plesk', 'client', 'import', file, '--generate-passwords', '--json'];
  const env = {
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('config'),
  };
  let kills = 0;

  /** Whether it was killed. */
  async function run(more: readonly string[], killsLeft: number): Promise<boolean> {
    await trusting.settled();
    const mayRepeat = more.includes('--retry-unknown');
    trusting.mayRepeat = new Set(mayRepeat ? await unknownLogins(journal, server.url) : []);
    const concurrency = `${1 + Math.floor(random() * 10)}`;
    const own = ['--results', results, '--concurrency', concurrency, ...more];
    const running = startProcess(toolRuntime(), [builtTool(), ...args, ...own], { env });
    if (killsLeft > 0) {
      const requests = trusting.mayRepeat.size || plan.rows - reported.size;
      const kill = () => running.kill('SIGKILL');
      killLater({ kill, server: trusting }, { requests, kills: killsLeft }, random);
    }
    const { exitCode, signal, stdout, stderr } = await running.exited;
    trusting.onRequest = () => {};
    for (const { login, status, id } of linesOf(stdout)) {
      if (status === 'created') reported.set(login, id);
    }
    if (signal === 'SIGKILL') return true;
    if ([0, 3, 8].includes(exitCode ?? -1)) return false;
    throw new Error(`the import ended with ${exitCode ?? signal}: ${stderr}`);
  }

  async function runKilling(times: number, more: readonly string[]): Promise<Judgement> {
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
    await trusting.settled();
    return judge(linesOf(await readFile(results, 'utf8')), list.logins, reported, trusting);
  }

  const plain = await runKilling(plan.kills, []);
  const retried = await runKilling(plan.retryKills, ['--retry-unknown']);
  const requests = server.requests.length;
  await run([], 0);
  return {
    ...{ kills, plain, retried, otherPasswords: trusting.otherPasswords },
    /** Requests of a plain run after all that. */
    requestsOfLastRun: server.requests.length - requests,
  };
}

/** A list whose rows are fixed, and to which rows are added, from one run to the next. */
class EditedList {
  readonly logins: readonly string[];
  readonly #random: () => number;
  readonly #unwanted: Set<string>;
  readonly #renamed = new Set<string>();
  #length: number;

  constructor(rows: number, random: () => number) {
    this.logins = Array.from({ length: rows }, (_, index) => `client${index + 1}`);
    this.#random = random;
    this.#length = Math.ceil(rows * 0.7);
    this.#unwanted = new Set(this.logins.filter(() => random() < 0.1));
  }

  /** Some of the refused rows are fixed, some others renamed, and some come to it. */
  edit(): string {
    for (const login of this.logins) {
      if (this.#random() < 0.1) this.#unwanted.delete(login);
      if (this.#random() < 0.05) this.#renamed.add(login);
    }
    this.#length += Math.floor(this.#random() * 0.1 * this.logins.length);
    return this.#text();
  }

  finish(): string {
    this.#length = this.logins.length;
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
  logins: readonly string[],
  reported: ReadonlyMap<string, string | null>,
  server: TrustingServer,
): Judgement {
  const states: Record<string, number> = {};
  for (const { status } of lines) states[status] = (states[status] ?? 0) + 1;
  const rows = logins.map((login) => {
    const [line, ...more] = lines.filter((each) => each.login === login);
    const commits = server.commits.get(login) ?? [];
    return { login, line, isOnce: line !== undefined && more.length === 0, commits };
  });
  const which = (isSo: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(isSo).map(({ login }) => login);
  return {
    states,
    duplicates: which(({ commits }) => commits.length > 1),
    missing: which(({ isOnce }) => !isOnce),
    lostPasswords: which(({ commits, line }) =>
      commits.some(({ password }) => password !== line?.generated_password),
    ),
    calledCreated: which(({ commits, line }) =>
      line?.status === 'already_exists'
        ? commits.length === 0
        : line?.status === 'created' && !commits.some(({ id }) => id === line.id),
    ),
    calledNotCreated: which(
      ({ commits, line }) =>
        commits.length > 0 &&
        !['created', 'already_exists', 'unknown'].includes(line?.status ?? ''),
    ),
    takenBack: which(
      ({ login, line }) =>
        reported.has(login) &&
        !(line?.status === 'created' && line.id === (reported.get(login) ?? null)),
    ),
  };
}
