import { composed } from '../unicode-form.ts';
import type { Mapping } from './plan.ts';

/** A row's fields as the file has them; what is missing or blank is left out. */
export interface MappedRow {
  /** NFC. */
  readonly name?: string;
  readonly login?: string;
  readonly email?: string;
  readonly password?: string;
  /** NFC. */
  readonly company?: string;
  /** Whole sentences without the full stop. */
  readonly warnings: readonly string[];
  /** Why the row is probably no client any more: `"Status" is "Closed"`; undefined for others. */
  readonly inactive: string | undefined;
}

const INACTIVE = new Set([
  'closed',
  'inactive',
  'fraud',
  'terminated',
  'suspended',
  'cancelled',
  'canceled',
]);
const YES = new Set(['1', 'true', 'yes', 'y']);
const SUSPENDED_COLUMN = /suspended/i;

/**
 * Takes a row's fields out of its cells, which must be those of the mapping's columns. Login,
 * e-mail address and password come exactly as they are, white space included: judging them is
 * for the account check. Whether an inactive row is left out is for the caller.
 */
export function mapRow(mapping: Mapping, row: { readonly cells: readonly string[] }): MappedRow {
  const { cells } = row;
  const warnings: string[] = [];
  const ownName = nameOf(mapping, cells);
  const companyCell = valueAt(cells, mapping.company);
  const company = companyCell === undefined ? undefined : composed(companyCell);
  if (ownName === undefined && company !== undefined) {
    warnings.push('there is no name: the company is taken instead');
  }
  const name = ownName ?? company;
  const login = loginOf(mapping, cells, warnings);
  const email = valueAt(cells, mapping.email);
  const password = valueAt(cells, mapping.password);
  const fields: { -readonly [Key in keyof MappedRow]: MappedRow[Key] } = {
    warnings,
    inactive: inactivity(mapping, cells),
  };
  if (name !== undefined) fields.name = name;
  if (login !== undefined) fields.login = login;
  if (email !== undefined) fields.email = email;
  if (password !== undefined) fields.password = password;
  if (company !== undefined) fields.company = company;
  return fields;
}

function valueAt(cells: readonly string[], index: number | undefined): string | undefined {
  const cell = index === undefined ? undefined : cells[index];
  return cell === undefined || cell.trim() === '' ? undefined : cell;
}

function nameOf(mapping: Mapping, cells: readonly string[]): string | undefined {
  let name: string | undefined;
  for (const index of mapping.name) {
    const part = valueAt(cells, index);
    if (part === undefined) continue;
    name = name === undefined ? part : `${name.trim()} ${part.trim()}`;
  }
  return name === undefined ? undefined : composed(name);
}

function loginOf(
  mapping: Mapping,
  cells: readonly string[],
  warnings: string[],
): string | undefined {
  const login = valueAt(cells, mapping.login);
  if (login === undefined || !mapping.isLoginDoubtful || !/^\d+$/.test(login.trim())) return login;
  const column = mapping.columns[mapping.login ?? 0];
  warnings.push(`"${column}" holds a number, which is taken for an id and not for a login`);
  return undefined;
}

function inactivity(mapping: Mapping, cells: readonly string[]): string | undefined {
  for (const index of mapping.activity) {
    const column = mapping.columns[index] ?? '';
    const value = (cells[index] ?? '').trim();
    const values = SUSPENDED_COLUMN.test(column) ? YES : INACTIVE;
    if (values.has(value.toLowerCase())) return `"${column}" is "${value}"`;
  }
  return undefined;
}
