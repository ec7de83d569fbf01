import { setImmediate } from 'node:timers/promises';
import { type AccountFields, checkAccount, standsForPassword } from '../plesk/account.ts';
import { type Finding, Findings, type Place } from './findings.ts';
import type { Mapping } from './mapping/mapping.ts';
import { mapRow } from './mapping/row.ts';
import { cancelled } from './reader/bytes.ts';
import type { Row, Table } from './reader/record.ts';

export interface ClientRow extends Place {
  readonly name: string;
  readonly login: string;
  readonly email: string;
  /** Null when one is to be generated. */
  readonly password: string | null;
  readonly company?: string;
}

export interface BadRow extends Place {
  /** Null where it could not be read. */
  readonly login: string | null;
  readonly name?: string;
  readonly email?: string;
  readonly company?: string;
  /** Everything that is wrong with it, without full stops; no password is repeated. */
  readonly problems: readonly string[];
}

export interface CheckedFile {
  readonly rows: readonly ClientRow[];
  readonly bad: readonly BadRow[];
  readonly problems: readonly Finding[];
  readonly findings: readonly Finding[];
}

export interface CheckOptions {
  readonly mapping: Mapping;
  /** Whether a password that is missing, or is a hash or a mask, is replaced. */
  readonly generatePasswords: boolean;
  readonly signal: AbortSignal;
}

const ROWS_AT_ONCE = 1_000;

/** Checks every record of the file. @throws OxhostError `cancelled` on a signal. */
export async function checkTable({ records }: Table, options: CheckOptions): Promise<CheckedFile> {
  const findings = new Findings();
  const check = rowChecker(findings, options);
  const complaints = new Findings();
  const rows: ClientRow[] = [];
  const bad: BadRow[] = [];
  for (const record of records) {
    if (record.row % ROWS_AT_ONCE === 0) {
      await setImmediate();
      if (options.signal.aborted) throw cancelled(options.signal);
    }
    const { row, line } = record;
    const checked =
      'cells' in record ? check(record) : { row, line, login: null, problems: [record.problem] };
    if (!('problems' in checked)) rows.push(checked);
    else {
      bad.push(checked);
      for (const problem of checked.problems) {
        const whole = /^(?:name|login|email|password|company) /.test(problem)
          ? problem
          : `row ${problem}`;
        complaints.add('invalid_row', whole, { row, line }, kindOf(whole));
      }
    }
  }
  return { rows, bad, problems: complaints.all, findings: findings.all };
}

function kindOf(problem: string): string {
  return problem.replace(/ at line \d+/, ' in another row');
}

/** Checks one row after the other and remembers what those before it had. */
function rowChecker(findings: Findings, { mapping, generatePasswords }: CheckOptions) {
  const logins = new Map<string, number>();
  const foldedLogins = new Map<string, number>();
  const emails = new Map<string, number>();

  function compareWithOthers(client: ClientRow): void {
    const { line, login, email } = client;
    const add = (code: string, message: string) =>
      findings.add(code, message, client, kindOf(message));
    const alike = firstLine(foldedLogins, folded(login), line);
    if (alike !== undefined) {
      const difference = 'only in upper and lower case or in its Unicode form';
      add('login_alike', `login differs ${difference} from that at line ${alike}`);
    }
    const shared = firstLine(emails, folded(email), line);
    if (shared !== undefined)
      add('email_repeated', `e-mail address is the same as at line ${shared}`);
  }

  return ({ row, line, cells }: Row): ClientRow | BadRow => {
    const mapped = mapRow(mapping, cells, generatePasswords);
    const { password, ...rest } = mapped.fields;
    const lack = passwordLack(password);
    const fields: Partial<AccountFields> = lack === undefined ? mapped.fields : rest;
    const found = checkAccount(fields);
    const problems = [...mapped.problems];
    for (const field of ['name', 'login', 'email', 'password'] as const) {
      const mayLack = field === 'password' && generatePasswords;
      if (fields[field] !== undefined || mayLack || mapped.faulty.has(field)) continue;
      problems.push(`${field} ${field === 'password' ? lack : MISSING}`);
    }
    problems.push(...found.problems.map(({ name, message }) => `${name} ${message}`));
    const { login } = fields;
    const repeated = login === undefined ? undefined : firstLine(logins, login, line);
    if (repeated !== undefined) problems.push(`login is the same as at line ${repeated}`);
    if (problems.length > 0) return { ...rest, row, line, login: login ?? null, problems };
    const client = { ...fields, row, line, password: fields.password ?? null } as ClientRow;
    // Nothing to speak of where there was none.
    if (lack !== undefined && lack !== MISSING) {
      findings.add('password_generated', `password ${lack} and a new one is generated`, client);
    }
    for (const { code, message } of mapped.warnings) findings.add(code, message, client);
    for (const { code, field, message } of found.warnings) {
      findings.add(code, `${field} ${message}`, client);
    }
    compareWithOthers(client);
    return client;
  };
}

const MISSING = 'is missing';

function passwordLack(password: string | undefined): string | undefined {
  if (password === undefined) return MISSING;
  const standIn = standsForPassword(password);
  return standIn === null ? undefined : `is ${standIn}`;
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function firstLine(seen: Map<string, number>, text: string, line: number): number | undefined {
  const first = seen.get(text);
  if (first === undefined) seen.set(text, line);
  return first;
}
