import { setImmediate } from 'node:timers/promises';
import { checkAccount, isPasswordHash } from '../plesk/account.ts';
import { Findings } from './findings.ts';
import type { Mapping } from './mapping/mapping.ts';
import { type MappedRow, mapRow } from './mapping/row.ts';
import { cancelled } from './reader/bytes.ts';
import type { Row, Table } from './reader/record.ts';
import type { BadRow, CheckedFile, ClientRow, Place } from './row.ts';

export interface CheckOptions {
  readonly mapping: Mapping;
  /** Whether a password that is missing, or is a hash or a mask, is replaced. */
  readonly generatePasswords: boolean;
  readonly signal: AbortSignal;
}

/** Between two looks at the signal. */
const ROWS_AT_ONCE = 1_000;

/**
 * Checks every record of the file.
 * @param findings where the reader has put its own warnings.
 * @throws OxhostError `cancelled` on a signal.
 */
export async function checkTable(
  { records }: Table,
  findings: Findings,
  options: CheckOptions,
): Promise<CheckedFile> {
  const checker = new RowChecker(findings, options);
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
      'cells' in record
        ? checker.check(record)
        : { row, line, login: null, problems: [record.problem] };
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

/** What rows that repeat something of another row each have in common. */
function kindOf(problem: string): string {
  return problem.replace(/ at line \d+/, ' in another row');
}

/** Checks one row after the other and remembers what those before it had. */
class RowChecker {
  readonly #findings: Findings;
  readonly #mapping: Mapping;
  readonly #generatePasswords: boolean;
  /** The line at which each was first. */
  readonly #logins = new Map<string, number>();
  readonly #foldedLogins = new Map<string, number>();
  readonly #emails = new Map<string, number>();

  constructor(findings: Findings, { mapping, generatePasswords }: CheckOptions) {
    this.#findings = findings;
    this.#mapping = mapping;
    this.#generatePasswords = generatePasswords;
  }

  check({ row, line, cells }: Row): ClientRow | BadRow {
    const mapped = mapRow(this.#mapping, cells, this.#generatePasswords);
    const { name, login, email, company } = mapped;
    const lack = passwordLack(mapped);
    const password = lack === undefined ? mapped.password : undefined;
    const generates = this.#generatePasswords && lack !== undefined;
    const found = checkAccount({
      ...(name !== undefined && { name }),
      ...(login !== undefined && { login }),
      ...(email !== undefined && { email }),
      ...(password !== undefined && { password }),
      ...(company !== undefined && { company }),
    });
    const problems = [...mapped.problems];
    for (const field of ['name', 'login', 'email'] as const) {
      if (mapped[field] === undefined && !mapped.faulty.has(field)) {
        problems.push(`${field} is missing`);
      }
    }
    if (lack !== undefined && !generates && !mapped.faulty.has('password')) {
      problems.push(`password ${lack}`);
    }
    problems.push(...found.problems.map((problem) => `${problem.name} ${problem.message}`));
    const repeated = login === undefined ? undefined : this.#logins.get(login);
    if (repeated !== undefined) problems.push(`login is the same as at line ${repeated}`);
    else if (login !== undefined) this.#logins.set(login, line);
    if (
      problems.length > 0 ||
      name === undefined ||
      login === undefined ||
      email === undefined ||
      (password === undefined && !generates)
    ) {
      return {
        ...{ row, line, login: login ?? null, problems },
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email }),
        ...(company !== undefined && { company }),
      };
    }
    const client: ClientRow = {
      ...{ row, line, name, login, email, password: password ?? null },
      ...(company !== undefined && { company }),
    };
    this.#warn(client, mapped, found.warnings, lack);
    return client;
  }

  #warn(
    client: ClientRow,
    { hasNull, isNamedByCompany, inactive }: MappedRow,
    warnings: ReturnType<typeof checkAccount>['warnings'],
    lack: string | undefined,
  ): void {
    const add = (code: string, message: string, kind?: string) =>
      this.#findings.add(code, message, client, kind);
    if (hasNull) add('null_is_empty', 'a cell that says NULL counts as empty');
    // Nothing to speak of where there was none.
    if (lack !== undefined && lack !== MISSING) {
      add('password_generated', `password ${lack} and a new one is generated`);
    }
    if (isNamedByCompany) add('named_by_company', 'there is no name, so the company is taken');
    if (inactive !== undefined) {
      add('inactive', `client looks inactive (${inactive}) and is created all the same`);
    }
    for (const { code, field, message } of warnings) add(code, `${field} ${message}`);
    const alike = firstLine(this.#foldedLogins, folded(client.login), client);
    if (alike !== undefined) {
      const message = (where: string) =>
        `login differs from that ${where} only in upper and lower case or its Unicode form`;
      add('login_alike', message(`at line ${alike}`), message('in another row'));
    }
    const shared = firstLine(this.#emails, folded(client.email), client);
    if (shared !== undefined) {
      const message = `e-mail address is the same as at line ${shared}`;
      add('email_repeated', message, kindOf(message));
    }
  }
}

/** What shows that passwords are not in the file: one sign, again and again. */
const MASK = /^(?:\*+|[•●∙·]+|x+|X+)$/;
const MISSING = 'is missing';

/** Why there is no password to send; undefined where there is one. */
function passwordLack({ password }: MappedRow): string | undefined {
  if (password === undefined) return MISSING;
  if (isPasswordHash(password)) return 'is a hash';
  return MASK.test(password) ? 'is a mask, not a password' : undefined;
}

/** What texts that are hard to tell apart have in common. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The line at which it was first, if it was there before. */
function firstLine(seen: Map<string, number>, text: string, { line }: Place): number | undefined {
  const first = seen.get(text);
  if (first === undefined) seen.set(text, line);
  return first;
}
