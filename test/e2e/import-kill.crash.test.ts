import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { unknownLogins } from '../import/unknown-logins.ts';
import { seededFractions } from '../plesk/seeded-random.ts';
import { killLater } from '../support/kill-later.ts';
import { startProcess } from '../support/process.ts';
import { answer, type Handler, startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const ROWS = 200;
const UNWANTED = 'Unwanted Company';
const LONGEST_STEP_MILLISECONDS = 8;
const anySeed = () => Math.floor(Math.random() * 2 ** 32);

const failuresOf = ({ states: _, ...failures }: Judgement) =>
  Object.entries(failures).filter(([, logins]) => logins.length > 0);

test('the built tool, killed again and again while the list is edited: no client twice, no row forgotten, no password lost', async () => {
  const seed = anySeed();
  const report = await importKilling({ seed, rows: ROWS, kills: 12, retryKills: 4 });
  const { kills, plain, retried, otherPasswords, requestsOfLastRun } = report;
  const all = `seed ${seed}: ${JSON.stringify(report)}`;
  expect([failuresOf(plain), failuresOf(retried)], all).toEqual([[], []]);
  expect([otherPasswords, requestsOfLastRun], all).toEqual([[], 0]);
  expect(kills, all).toBeGreaterThanOrEqual(10);
  expect(plain.states['created'], all).toBeGreaterThan(0.3 * ROWS);
  expect(plain.states['unknown'], all).toBeGreaterThan(0);
  expect(plain.states['not_sent'], all).toBeUndefined();
});

test('the same with the journal deleted after a kill shows duplicates, so that the test above means something', async () => {
  const seed = anySeed();
  const spoil = (journal: string) => rm(journal, { recursive: true, force: true });
  const { plain } = await importKilling({ seed, rows: 80, kills: 2, retryKills: 0, spoil });
  expect(plain.duplicates, `seed ${seed}`).not.toEqual([]);
});

interface KillingPlan {
  readonly seed: number;
  readonly rows: number;
  /** Of plain runs, and then of runs with --retry-unknown. */
  readonly kills: number;
  readonly retryKills: number;
  /** Done after each kill. */
  readonly spoil?: (journal: string) => Promise<unknown>;
}

/** What became of the rows; the lists of logins are to be empty. */
interface Judgement {
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
async function importKilling(plan: KillingPlan) {
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

/** A client that the server made, whatever the caller was answered. */
interface Commit {
  readonly id: string;
  readonly password: string;
}

/**
 * An API that makes a client of whatever comes, also twice of the same login, in random time before
 * and after. It refuses one company, and loses some answers.
 */
class TrustingServer {
  /** By login; more than one is a duplicate. */
  readonly commits = new Map<string, Commit[]>();
  /** Logins that were sent once more with another password than they had. */
  readonly otherPasswords: string[] = [];
  /** Logins that may be sent once more, and are refused then if they exist. */
  mayRepeat: ReadonlySet<string> = new Set();
  /** Called for each request that arrived whole. */
  onRequest = () => {};
  server!: TestServer;
  readonly #random: () => number;
  readonly #working = new Set<Promise<void>>();

  constructor(random: () => number) {
    this.#random = random;
  }

  async start(): Promise<void> {
    this.server = await startServer(async (...call) => {
      this.onRequest();
      const work = this.#act(...call);
      this.#working.add(work);
      await work.finally(() => this.#working.delete(work));
    });
  }

  async #act(...[request, response, index]: Parameters<Handler>): Promise<void> {
    const { login = '', password = '', company } = request.json as Record<string, string>;
    const step = () => sleep(this.#random() * LONGEST_STEP_MILLISECONDS);
    const say = (status: number, body: object | string) =>
      answer(status, body)(request, response, index);
    const losesAnswer = this.#random() < 0.02;
    await step();
    if (company === UNWANTED) return say(422, { success: false, message: 'It is not wanted.' });
    const known = this.commits.get(login) ?? [];
    if (known.length > 0 && this.mayRepeat.has(login)) {
      if (known[0]?.password !== password) this.otherPasswords.push(login);
      return say(409, { success: false, message: 'This login is already taken.' });
    }
    const id = `id-${login}-${index}`;
    this.commits.set(login, [...known, { id, password }]);
    await step();
    if (losesAnswer) return say(502, 'Bad gateway');
    return say(201, { success: true, data: { id, plesk_client_id: `${index}`, login } });
  }

  /** Resolves when the caller is gone and all that it sent is carried out. */
  async settled(): Promise<void> {
    while (this.#working.size > 0 || this.server.open > 0) {
      await Promise.all(this.#working);
      await sleep(1);
    }
  }
}
