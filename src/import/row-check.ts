import { type AccountFields, checkAccount, isPasswordHash } from '../plesk/account.ts';
import type { ImportRow } from './contract.ts';
import type { Findings } from './findings.ts';
import { type MappedRow, type Mapping, mapRow } from './mapping.ts';
import type { Row, RowFault } from './reader/row.ts';
import type { SeenTexts } from './seen.ts';
import { folded } from './unicode-form.ts';

/** A record of the file after all checks. */
export type CheckedRow =
  | { readonly kind: 'good'; readonly row: ImportRow; readonly record: Row }
  | {
      readonly kind: 'bad';
      /** Empty where it could not be read. */
      readonly login: string;
      /** Everything that is wrong with it, without a full stop. It repeats no value of the row. */
      readonly problem: string;
      /** Whether what is wrong is, among other things, that there is no real password. */
      readonly lacksPassword: boolean;
      readonly record: Row | RowFault;
    };

export interface RowCheckOptions {
  readonly mapping: Mapping;
  /** Whether a password that is missing, or is a hash or a mask, is replaced. */
  readonly generatePasswords: boolean;
  /** The line of an earlier row that has this very login. */
  readonly earlierLine: (record: Row, login: string) => number | undefined;
  /** Takes the warnings; left out, none are looked for. */
  readonly findings?: Findings;
  /** Where e-mail addresses are noted, for one of the warnings. */
  readonly emails?: SeenTexts;
  /** Rows that need no warning any more: their client is created, or they are not sent this time. */
  readonly isSettled?: (login: string, row: ImportRow) => boolean;
}

/**
 * Checks one record after the other of one pass over the file. What it is given remembers what was
 * there, so every pass needs a fresh one; the same file gives the same answers each time.
 */
export class RowChecker {
  readonly #options: RowCheckOptions;
  constructor(options: RowCheckOptions) {
    this.#options = options;
  }

  check(record: Row | RowFault): CheckedRow {
    if (record.kind === 'fault') {
      return { kind: 'bad', login: '', problem: record.message, lacksPassword: false, record };
    }
    const mapped = mapRow(this.#options.mapping, record);
    const problems: string[] = [];
    const lack = passwordLack(mapped);
    const generates = this.#options.generatePasswords && lack !== undefined;
    for (const name of ['name', 'login', 'email', 'password'] as const) {
      const isMissing = mapped[name] === undefined && !(name === 'password' && generates);
      if (isMissing) problems.push(`${name} is missing`);
    }
    const isMask = lack === 'is a mask';
    const fields = accountFields(mapped, generates || isMask);
    const found = checkAccount(fields, { passwordIsGenerated: generates });
    problems.push(...found.problems.map(({ name, message }) => `${name} ${message}`));
    if (isMask && !generates) problems.push('password is a mask, not a password');
    const earlier =
      mapped.login === undefined ? undefined : this.#options.earlierLine(record, mapped.login);
    if (earlier !== undefined) problems.push(`login is the same as at line ${earlier}`);
    if (problems.length > 0) {
      const lacksPassword = lack !== undefined && !generates;
      const problem = problems.join('; ');
      return { kind: 'bad', login: mapped.login ?? '', problem, lacksPassword, record };
    }
    const row = toImportRow(record, mapped, generates);
    const isSettled = this.#options.isSettled?.(row.login, row) ?? false;
    this.#warn(isSettled, mapped, found.warnings, generates ? lack : undefined, record.line);
    return { kind: 'good', row, record };
  }

  #warn(
    isSettled: boolean,
    mapped: MappedRow,
    warnings: ReturnType<typeof checkAccount>['warnings'],
    replaced: string | undefined,
    line: number,
  ): void {
    const { findings, emails } = this.#options;
    if (findings === undefined) return;
    const email = folded(mapped.email ?? '');
    const repeatsEmail = emails?.add(email, email, line).same !== undefined;
    if (isSettled) return;
    if (replaced !== undefined) {
      findings.add('password_generated', `password ${replaced} and a new one is made`, line);
    }
    if (mapped.inactive !== undefined) {
      findings.add(
        'inactive',
        `the client looks inactive (${mapped.inactive}) and is created all the same`,
        line,
      );
    }
    for (const warning of mapped.warnings) findings.add('mapping', warning, line);
    for (const { code, field, message } of warnings) findings.addOf(code, field, message, line);
    if (repeatsEmail) {
      findings.add('email_repeated', 'e-mail address is the same as that of another row', line);
    }
  }
}

/** What shows that passwords are not in the file: one sign, again and again. */
const MASK = /^(?:\*+|[•●∙·]+|x+|X+)$/;

/** Why there is no password to send; undefined where there is one. */
function passwordLack({ password }: MappedRow): string | undefined {
  if (password === undefined) return 'is missing';
  if (isPasswordHash(password)) return 'is a hash';
  return MASK.test(password) ? 'is a mask' : undefined;
}

/** Assigned one by one, since this runs a million times. */
function accountFields(mapped: MappedRow, leavesPasswordOut: boolean): Partial<AccountFields> {
  const { name, login, email, password, company } = mapped;
  const fields: Partial<AccountFields> = {};
  if (name !== undefined) fields.name = name;
  if (login !== undefined) fields.login = login;
  if (email !== undefined) fields.email = email;
  if (password !== undefined && !leavesPasswordOut) fields.password = password;
  if (company !== undefined) fields.company = company;
  return fields;
}

function toImportRow({ row, line }: Row, mapped: MappedRow, generates: boolean): ImportRow {
  const { name = '', login = '', email = '', password = null, company } = mapped;
  const fields: ImportRow = {
    row,
    line,
    name,
    login,
    email,
    password: generates ? null : password,
  };
  if (company !== undefined) fields.company = company;
  return fields;
}
