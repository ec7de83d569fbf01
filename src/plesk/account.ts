import {
  countCodePoints,
  DOCUMENTED_MAXIMUM,
  EMAIL_MAXIMUM,
  hasWhiteSpace,
  invisibleCharacters,
  isBlank,
  LOGIN_MAXIMUM,
  PASSWORD_MAXIMUM,
  PASSWORD_MINIMUM,
  startsWithSymbol,
  textProblems,
  weakness,
} from './rules.ts';

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
  /** A sentence fragment that follows a field's name; it never repeats the value. */
  message: string;
  /** Whether the person may send the value all the same: Plesk itself is not known to refuse it. */
  canForce: boolean;
}

/** What is probably a mistake, though some server may take it; never a reason not to send. */
export interface AccountWarning {
  /** Stable, snake_case. */
  code: string;
  field: AccountFieldName;
  /** A sentence fragment that follows a field's name; it never repeats the value. */
  message: string;
}

export interface AccountCheckOptions {
  /** A password of our own recipe: it gets no warnings, only problems. */
  passwordIsGenerated?: boolean;
}

/** `false` where nothing is wrong. */
type Check = string | false;

const FIELD_ORDER: readonly AccountFieldName[] = ['name', 'login', 'email', 'password', 'company'];

/**
 * Checks whatever is given by Plesk's rules (Plesk document "What limits are set in Plesk for
 * username, password"; the e-mail and hash rules are our own and can be forced). Fields that are
 * absent are not looked at. Values are judged as they are: nothing is trimmed or normalised.
 * Problems and warnings come in the order name, login, email, password, company, all of a field at
 * once.
 */
export function checkAccount(
  fields: Partial<AccountFields>,
  { passwordIsGenerated = false }: AccountCheckOptions = {},
): { problems: AccountProblem[]; warnings: AccountWarning[] } {
  const problems: AccountProblem[] = [];
  const warnings: AccountWarning[] = [];
  for (const name of FIELD_ORDER) {
    const value = fields[name];
    if (value === undefined) continue;
    const add = (messages: readonly Check[], canForce: boolean) => {
      for (const message of messages) if (message) problems.push({ name, message, canForce });
    };
    if (isBlank(value)) {
      if (name !== 'company') add(['must not be empty or blank'], false);
      continue;
    }
    add(textProblems(value), false);
    if (name === 'login') add(loginProblems(value), false);
    if (name === 'email') {
      add([invisible(value)], false);
      add(emailDoubts(value), true);
    }
    if (name === 'password') {
      add(passwordProblems(value, fields.login ?? ''), false);
      add([passwordDoubt(value)], true);
    }
    if (problems.some((problem) => problem.name === name)) continue;
    if (name === 'password' && passwordIsGenerated) continue;
    for (const [code, message] of findWarnings(name, value, fields)) {
      warnings.push({ code, field: name, message });
    }
  }
  return { problems, warnings };
}

function invisible(value: string): Check {
  const found = invisibleCharacters(value);
  return found !== '' && `must not contain invisible characters (${found})`;
}

function loginProblems(login: string): Check[] {
  return [
    invisible(login),
    hasWhiteSpace(login) && 'must not contain white space',
    startsWithSymbol(login) && 'must start with a letter or digit',
    countCodePoints(login) > LOGIN_MAXIMUM && `must have at most ${LOGIN_MAXIMUM} characters`,
  ];
}

function emailDoubts(email: string): Check[] {
  const sides = email.split('@');
  return [
    sides.length !== 2 && 'must contain exactly one @',
    sides.length === 2 && sides.includes('') && 'must have something before and after the @',
    hasWhiteSpace(email) && 'must not contain white space',
    /[,;]/.test(email) && 'must be one address, without commas or semicolons',
    /[:<>()]/.test(email) && 'must be the address alone, without : < > ( )',
    (email.includes('..') || sides.some((side) => /^\.|\.$/.test(side))) &&
      'must not have two dots together, or one at either end of a side',
    countCodePoints(email) > EMAIL_MAXIMUM && `must have at most ${EMAIL_MAXIMUM} characters`,
  ];
}

function passwordProblems(password: string, login: string): Check[] {
  const length = countCodePoints(password);
  return [
    length < PASSWORD_MINIMUM && `must have at least ${PASSWORD_MINIMUM} characters`,
    length > PASSWORD_MAXIMUM && `must have at most ${PASSWORD_MAXIMUM} characters`,
    password.includes(' ') && 'must not contain a space',
    /['"]/.test(password) && 'must not contain single or double quotes',
    invisible(password),
    /[^\p{ASCII}\p{Cc}\p{Cs}\p{Cf}\ufffd]/u.test(password) &&
      'must contain only ASCII letters, digits and signs',
    !isBlank(login) && password.includes(login) && 'must not contain the login',
  ];
}

function passwordDoubt(password: string): Check {
  const standIn = standsForPassword(password);
  return (
    standIn !== null &&
    `must be the password itself, not ${standIn}, which would be taken literally`
  );
}

const CRYPT_PREFIX = /^\$(?:2[abxy]\$|argon2|[156y]\$)/;
const HEXADECIMAL_DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** One sign, again and again. */
const MASK = /^(?:\*+|[•●∙·]+|x+|X+)$/;

/** What exports have in place of a password: crypt(3), bcrypt, Argon2, a hexadecimal digest, a mask. */
export function standsForPassword(value: string): 'a hash' | 'a mask' | null {
  if (CRYPT_PREFIX.test(value) || HEXADECIMAL_DIGEST.test(value)) return 'a hash';
  return MASK.test(value) ? 'a mask' : null;
}

const RESERVED_LOGINS = new Set(['admin', 'administrator', 'root']);

/** `&#039;`, `&amp;`, `\'`: what other programs make of a sign. */
const ESCAPED = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,5});|\\['"]/i;

/**
 * UTF-8 read as Latin-1 or Windows-1252: a lead byte of the Latin or Cyrillic ranges, then a
 * continuation byte as those encodings show it.
 */
const MISREAD_UTF8 = /[ÂÃÄÅÐÑ][\u00a1-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|[ÂÃ]\u00a0|â€/;

type Warning = readonly [code: string, message: string];

function findWarnings(
  name: AccountFieldName,
  value: string,
  fields: Partial<AccountFields>,
): Warning[] {
  const found: Warning[] = [];
  if (MISREAD_UTF8.test(value)) {
    found.push(['wrong_encoding', 'looks as if it was read in the wrong encoding, not as UTF-8']);
  }
  if (ESCAPED.test(value)) {
    found.push(['escaped_text', 'looks like text escaped for HTML or SQL, and is sent as given']);
  }
  if (name === 'password') {
    const why = weakness(value, fields);
    if (why !== null) found.push(['weak_password', `is weak and may be refused, as ${why}`]);
  } else if (name !== 'email' && countCodePoints(value) > DOCUMENTED_MAXIMUM) {
    const message = `is longer than the ${DOCUMENTED_MAXIMUM} characters that Plesk documents`;
    found.push(['longer_than_documented', message]);
  }
  if (name === 'login' && RESERVED_LOGINS.has(value.toLowerCase())) {
    found.push(['login_reserved', 'is reserved or taken on most servers']);
  }
  if (name === 'login' && /[^\w.@-]/.test(value)) {
    found.push(['login_unusual', 'has more than letters from a to z, digits and . _ @ -']);
  }
  return found;
}
