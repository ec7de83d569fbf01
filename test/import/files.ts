import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { type OxhostOptions, type OxhostResult, runOxhost } from '../support/run.ts';
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
export function importing(folder: TemporaryFolder, url: string) {
  const file = folder.join('clients.csv');
  return {
    file,
    journal: `${file}.oxhost`,
    write: (text: string) => writeFile(file, text),
    run: (args: readonly string[] = [], options: OxhostOptions = {}): Promise<OxhostResult> =>
      runOxhost(['plesk', 'client', 'import', file, ...args], {
        ...options,
        env: { OXHOST_API_KEY: 'test-key-0001', OXHOST_API_URL: url, ...options.env },
      }),
    results: () => readFile(`${file}.oxhost/results.csv`, 'utf8'),
    kept: () => readdir(`${file}.oxhost`).then((names) => names.sort()),
  };
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
