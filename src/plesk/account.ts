import { findWarnings } from './account-warnings.ts';
import {
  countCodePoints,
  hasControlCharacter,
  hasLoneSurrogate,
  hasWhiteSpace,
  isBlank,
  isPrintableAscii,
  startsWithSymbol,
} from './characters.ts';
import { containsLogin } from './containment.ts';
import { EMAIL_MAXIMUM, LOGIN_MAXIMUM, PASSWORD_MAXIMUM, PASSWORD_MINIMUM } from './limits.ts';

/** The fields of a Plesk customer account that a person chooses. */
export interface AccountFields {
  name: string;
  login: string;
  email: string;
  password: string;
  company?: string;
}

export type AccountFieldName = keyof AccountFields;

/** A reason not to send the account. */
export interface AccountProblem {
  name: AccountFieldName;
  /** A fixed sentence fragment that follows a field's name; it never repeats the value. */
  message: string;
  /** Whether the person may send the value all the same: Plesk itself is not known to refuse it. */
  canForce: boolean;
}

/** Something that depends on the server, its version or its policy; never a reason not to send. */
export interface AccountWarning {
  /** Stable, snake_case. */
  code: string;
  field: AccountFieldName;
  /** A fixed sentence fragment that follows a field's name; it never repeats the value. */
  message: string;
}

export interface AccountCheckOptions {
  /** A password of our own recipe: it gets no warnings, only problems. */
  passwordIsGenerated?: boolean;
}

type Finding = Omit<AccountProblem, 'name'>;
type Found = readonly Finding[];

/** Most values are in order, and an import has millions of them: no list of its own for each. */
const NONE: Found = [];

const FIELD_ORDER: readonly AccountFieldName[] = ['name', 'login', 'email', 'password', 'company'];

const CRYPT_PREFIX = /^\$(?:2[abxy]\$|argon2|[156y]\$)/;
const HEXADECIMAL_DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * Checks whatever is given by Plesk's rules (Plesk document "What limits are set in Plesk for
 * username, password"; the e-mail and hash rules are our own and can be forced). Fields that are
 * absent are not looked at. Values are judged as they are: nothing is trimmed or normalised.
 *
 * Lengths count Unicode code points. Problems and warnings come in the order name, login, email,
 * password, company, all of a field at once. A warning that would repeat a problem of its field is
 * left out; so white space at the edge of an e-mail address is a problem only.
 */
export function checkAccount(
  fields: Partial<AccountFields>,
  options: AccountCheckOptions = {},
): { problems: AccountProblem[]; warnings: AccountWarning[] } {
  const problems: AccountProblem[] = [];
  const warnings: AccountWarning[] = [];
  for (const name of FIELD_ORDER) {
    const value = fields[name];
    if (value === undefined) continue;
    for (const finding of findProblems(name, value, fields)) problems.push({ name, ...finding });
    if (isBlank(value) && name !== 'company') continue;
    if (name === 'password' && options.passwordIsGenerated === true) continue;
    for (const warning of findWarnings(name, value, fields)) {
      warnings.push({ field: name, ...warning });
    }
  }
  return { problems, warnings };
}

/** Whether a value looks like a crypt(3), bcrypt, Argon2 or hexadecimal digest, not a password. */
export function isPasswordHash(value: string): boolean {
  return CRYPT_PREFIX.test(value) || HEXADECIMAL_DIGEST.test(value);
}

function findProblems(
  name: AccountFieldName,
  value: string,
  fields: Partial<AccountFields>,
): Found {
  if (isBlank(value) && name !== 'company') return [refused('must not be empty or blank')];
  const encoding = isPrintableAscii(value) ? NONE : encodingProblems(value);
  const own = ownProblems(name, value, fields);
  return encoding.length === 0 ? own : [...encoding, ...own];
}

function ownProblems(name: AccountFieldName, value: string, fields: Partial<AccountFields>): Found {
  if (name === 'login') return loginProblems(value);
  if (name === 'email') return emailProblems(value);
  return name === 'password' ? passwordProblems(value, fields.login) : NONE;
}

function refused(message: string): Finding {
  return { message, canForce: false };
}

function doubtful(message: string): Finding {
  return { message, canForce: true };
}

function encodingProblems(value: string): Finding[] {
  const found: Finding[] = [];
  if (hasControlCharacter(value)) {
    found.push(refused('must not contain control characters such as tabs or line breaks'));
  }
  if (hasLoneSurrogate(value)) {
    found.push(refused('must be valid Unicode text, without half of a surrogate pair'));
  }
  return found;
}

function loginProblems(login: string): Finding[] {
  const found: Finding[] = [];
  if (hasWhiteSpace(login)) found.push(refused('must not contain white space'));
  if (startsWithSymbol(login)) found.push(refused('must start with a letter or digit'));
  if (countCodePoints(login) > LOGIN_MAXIMUM) {
    found.push(refused(`must have at most ${LOGIN_MAXIMUM} characters`));
  }
  return found;
}

function emailProblems(email: string): Finding[] {
  const found: Finding[] = [];
  const at = email.indexOf('@');
  if (at === -1 || at !== email.lastIndexOf('@')) {
    found.push(doubtful('must contain exactly one @'));
  } else if (at === 0 || at === email.length - 1) {
    found.push(doubtful('must have something before and after the @'));
  }
  if (hasWhiteSpace(email)) found.push(doubtful('must not contain white space'));
  if (/[,;]/.test(email)) {
    found.push(doubtful('must be one address, without commas or semicolons'));
  }
  if (countCodePoints(email) > EMAIL_MAXIMUM) {
    found.push(doubtful(`must have at most ${EMAIL_MAXIMUM} characters`));
  }
  return found;
}

function passwordProblems(password: string, login: string | undefined): Finding[] {
  const found: Finding[] = [];
  const length = countCodePoints(password);
  if (length < PASSWORD_MINIMUM) {
    found.push(refused(`must have at least ${PASSWORD_MINIMUM} characters`));
  }
  if (length > PASSWORD_MAXIMUM) {
    found.push(refused(`must have at most ${PASSWORD_MAXIMUM} characters`));
  }
  if (password.includes(' ')) found.push(refused('must not contain a space'));
  if (/['"]/.test(password)) found.push(refused('must not contain single or double quotes'));
  if (/[^\p{ASCII}\p{Cc}\p{Cs}]/u.test(password)) {
    found.push(refused('must contain only ASCII letters, digits and symbols'));
  }
  if (login !== undefined && containsLogin(password, login) === 'exactly') {
    found.push(refused('must not contain the login'));
  }
  if (isPasswordHash(password)) {
    found.push(doubtful('must be the password itself, not a hash, which would be taken literally'));
  }
  return found;
}
