import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import {
  type OxhostOptions,
  type OxhostResult,
  type RunningOxhost,
  startOxhost,
} from '../support/run.ts';
import { answer, createdClient, type Handler } from '../support/server.ts';
import type { TemporaryFolder } from '../support/temporary.ts';

export const HEADER = 'name,login,email,password';
/** Good by every rule, and so without a warning. */
export const PASSWORD = 'Vt7!qLm2#x';

/** A line for each login. */
export function csvOf(...logins: readonly string[]): string {
  const lines = logins.map((login) => `Example Client,${login},${login}@example.com,${PASSWORD}`);
  return `${[HEADER, ...lines].join('\n')}\n`;
}

export function logins(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `client${index + 1}`);
}

/** A folder with a list of clients, and the tool aimed at a server. */
export function importing(folder: Pick<TemporaryFolder, 'join'>, url: string) {
  const file = folder.join('clients.csv');
  const journal = `${file}.oxhost`;
  const start = (
    args: readonly string[] = [],
    options: OxhostOptions = {},
    input = file,
  ): Promise<RunningOxhost> =>
    startOxhost(['plesk', 'client', 'import', input, ...args], {
      ...options,
      env: { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: url, ...options.env },
    });
  const run = async (...call: Parameters<typeof start>): Promise<OxhostResult> =>
    (await start(...call)).finished;
  return {
    file,
    journal,
    write: (text: string) => writeFile(file, text),
    start,
    run,
    /** Imports another file, or `-`, with the same journal. */
    runOther: (input: string, args: readonly string[] = [], options: OxhostOptions = {}) =>
      run(['--journal', journal, ...args], options, input),
    results: () => readFile(`${journal}/results.csv`, 'utf8'),
    resultRows: async () => readResults(await readFile(`${journal}/results.csv`, 'utf8')),
    unknown: () => readFile(`${journal}/unknown.csv`, 'utf8'),
    /** Writes what a person found in the panel, for logins of `unknown.csv`. */
    async answer(answers: Readonly<Record<string, string>>): Promise<void> {
      const text = await readFile(`${journal}/unknown.csv`, 'utf8');
      const lines = text.split('\n').map((line) => {
        const answer = answers[line.split(',')[1] ?? ''];
        return answer === undefined ? line : `${line}${answer}`;
      });
      await writeFile(`${journal}/unknown.csv`, lines.join('\n'));
    },
    kept: () => readdir(journal).then((names) => names.sort()),
  };
}

/** The lines of a file of results, by the names of their columns. */
export function readResults(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

/** Answers by the login that was asked for; created where the rules have none. */
export function byLogin(rules: Readonly<Record<string, Handler>>): Handler {
  return (request, response, index) => {
    const { login = '' } = (request.json ?? {}) as { login?: string };
    return (rules[login] ?? createdClient)(request, response, index);
  };
}

export const refused = answer(422, { success: false, message: 'Invalid company' });
export const exists = answer(409, {
  success: false,
  message: 'A client with this login already exists',
});
export const broken = answer(502, 'Bad gateway');

/** Rows on stdout under `--json`. */
export function rowsOf({ stdout }: OxhostResult): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function summaryOf({ errors }: OxhostResult): Record<string, unknown> {
  const summary = errors.find((line) => line['summary'] !== undefined)?.['summary'];
  expect(summary).toBeDefined();
  return summary as Record<string, unknown>;
}

/** A handler that answers only once `open` was called. */
export function gated(): { handler: Handler; arrived: Promise<void>; open: () => void } {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return {
    arrived,
    open: () => open(),
    async handler(...call) {
      arrive();
      await opened;
      await createdClient(...call);
    },
  };
}
