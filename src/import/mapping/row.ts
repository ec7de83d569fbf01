import type { AccountFieldName, AccountFields } from '../../plesk/account.ts';
import type { Cell } from '../reader/record.ts';
import type { Mapping } from './mapping.ts';

const NOTHING = new Set(['NULL', '\\N', '(NULL)']);
const SPREADSHEET_ERROR =
  /^#(?:N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|###+)$/;
const INACTIVE = /^(?:closed|inactive|fraud|terminated|suspended|cancell?ed)$/i;
const YES = /^(?:1|true|yes|y)$/i;
const SUSPENDED_COLUMN = /suspended/i;

/**
 * Takes a row's fields out of its cells: trimmed but for the password, names in Unicode form C, and
 * what is missing left out.
 * @param generatePasswords whether a cell for the password may be lacking.
 */
export function mapRow(mapping: Mapping, cells: readonly Cell[], generatePasswords: boolean) {
  const fields: Partial<AccountFields> = {};
  const problems: string[] = [];
  const faulty = new Set<AccountFieldName>();
  const warnings: { code: string; message: string }[] = [];
  let hasNull = false;

  const refuse = (field: AccountFieldName, problem: string): undefined => {
    if (!problems.includes(problem)) problems.push(problem);
    faulty.add(field);
  };
  const read = (field: AccountFieldName, index: number | undefined): string | undefined => {
    const cell = index === undefined ? '' : cells[index];
    if (cell === undefined) {
      // Spreadsheets leave out the empty cells at the end of a row.
      const mayLack = field === 'company' || (field === 'password' && generatePasswords);
      return mayLack ? undefined : refuse(field, tooShort(cells, mapping));
    }
    if (cell !== null && typeof cell === 'object') {
      return refuse(field, `${field} is ${cell.kind}, not text`);
    }
    const text = cell?.trim() ?? 'NULL';
    if (NOTHING.has(text)) hasNull = true;
    else if (SPREADSHEET_ERROR.test(text)) {
      refuse(field, `${field} is an error of a spreadsheet, such as #N/A`);
    } else if (text !== '') return field === 'password' ? (cell as string) : text;
    return undefined;
  };
  const take = (field: AccountFieldName, value: string | undefined) => {
    if (value !== undefined) fields[field] = value;
  };

  const parts = mapping.name.map((index) => read('name', index));
  const ownName = parts.filter((part) => part !== undefined).join(' ');
  take('company', read('company', mapping.company)?.normalize('NFC'));
  take('name', ownName === '' ? fields.company : ownName.normalize('NFC'));
  take('login', read('login', mapping.login));
  take('email', read('email', mapping.email));
  take('password', read('password', mapping.password));

  if (mapping.isLoginDoubtful && /^\d+$/.test(fields.login ?? '')) {
    const column = mapping.columns[mapping.login ?? 0];
    refuse('login', `login is missing: "${column}" holds a number, which is taken for an id`);
    delete fields.login;
  }
  const dress = dressOf(fields.email);
  if (dress !== undefined) {
    refuse('email', `email must be the address alone, without ${dress}`);
    delete fields.email;
  }
  if (hasNull) {
    warnings.push({ code: 'null_is_empty', message: 'a cell that says NULL counts as empty' });
  }
  if (ownName === '' && fields.company !== undefined) {
    const message = 'there is no name, so the company is taken';
    warnings.push({ code: 'named_by_company', message });
  }
  const inactive = inactivity(mapping, cells);
  if (inactive !== undefined) {
    const message = `client looks inactive (${inactive}) and is created all the same`;
    warnings.push({ code: 'inactive', message });
  }
  return { fields, problems, faulty, warnings };
}

function tooShort({ length }: readonly Cell[], { columns }: Mapping): string {
  const has = length === 1 ? '1 cell' : `${length} cells`;
  return `has ${has} where the header has ${columns.length} (spreadsheets drop empty ones at the end)`;
}

function dressOf(email = ''): string | undefined {
  if (/^mailto:/i.test(email)) return '"mailto:"';
  return /<[^<>]*>$/.test(email) ? 'a name and without < >' : undefined;
}

function inactivity(mapping: Mapping, cells: readonly Cell[]): string | undefined {
  for (const index of mapping.activity) {
    const cell = cells[index];
    const value = typeof cell === 'string' ? cell.trim() : '';
    const column = mapping.columns[index] ?? '';
    const pattern = SUSPENDED_COLUMN.test(column) ? YES : INACTIVE;
    if (pattern.test(value)) return `"${column}" is "${value}"`;
  }
  return undefined;
}
