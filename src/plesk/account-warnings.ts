import type { AccountFieldName, AccountFields, AccountWarning } from './account.ts';
import {
  countCodePoints,
  hasEdgeWhiteSpace,
  isPrintableAscii,
  startsWithSymbol,
} from './characters.ts';
import { containsEmailName, containsLogin, emailName } from './containment.ts';
import {
  DOCUMENTED_MAXIMUM,
  DOCUMENTED_PASSWORD_MAXIMUM,
  LINUX_USER_MAXIMUM,
  LOGIN_MAXIMUM,
  PASSWORD_MAXIMUM,
  PASSWORD_MINIMUM,
  WINDOWS_USER_MAXIMUM,
} from './limits.ts';
import { mayBeTooWeak } from './password-strength.ts';

type Finding = Omit<AccountWarning, 'field'>;

const RESERVED_LOGINS: ReadonlySet<string> = new Set(['admin', 'administrator', 'root']);

/** Of these no warning is about a character. */
const USUAL_LOGIN = /^[a-z][a-z0-9._-]*$/;

/** What Plesk's own login rules leave open, without what those rules refuse anyway. */
const UNUSUAL_IN_LOGIN = /[^A-Za-z0-9._\-\s\p{Cc}\p{Cs}]/u;

/**
 * UTF-8 read as Latin-1 or Windows-1252: a lead byte of the Latin or Cyrillic ranges, then a
 * continuation byte as those encodings show it.
 */
const MISREAD_UTF8 = /[ÂÃÄÅÐÑ][\u00a1-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|[ÂÃ]\u00a0|â€/;

/** The warnings of one field; `fields` is there for what depends on a second field. */
export function findWarnings(
  name: AccountFieldName,
  value: string,
  fields: Partial<AccountFields>,
): Finding[] {
  if (name === 'password') return passwordWarnings(value, fields);
  const found = textWarnings(value);
  if (name === 'name' || name === 'company') found.push(...displayNameWarnings(value));
  if (name === 'login') found.push(...loginWarnings(value));
  return found;
}

function textWarnings(value: string): Finding[] {
  if (isPrintableAscii(value)) return [];
  if (!value.includes('\ufffd') && !MISREAD_UTF8.test(value)) return [];
  return [
    {
      code: 'wrong_encoding',
      message: 'looks as if it was read in the wrong encoding; UTF-8 is expected',
    },
  ];
}

function displayNameWarnings(value: string): Finding[] {
  const found: Finding[] = [];
  if (hasEdgeWhiteSpace(value)) {
    found.push({
      code: 'edge_space',
      message: 'starts or ends with white space, which is sent as given',
    });
  }
  if (countCodePoints(value) > DOCUMENTED_MAXIMUM) found.push(longerThanDocumented());
  if (/[&<>]/.test(value)) {
    found.push({
      code: 'markup_characters',
      message:
        'contains &, < or >, which is allowed and sent as given but has confused some panels',
    });
  }
  return found;
}

function longerThanDocumented(): Finding {
  return {
    code: 'longer_than_documented',
    message: `is longer than the ${DOCUMENTED_MAXIMUM} characters that Plesk documents`,
  };
}

function loginWarnings(login: string): Finding[] {
  const found = loginLengthWarnings(countCodePoints(login));
  if (!USUAL_LOGIN.test(login)) found.push(...loginCharacterWarnings(login));
  if (RESERVED_LOGINS.has(login.toLowerCase())) {
    found.push({
      code: 'login_reserved',
      message: 'is reserved or taken on most servers; choose another',
    });
  }
  return found;
}

function loginCharacterWarnings(login: string): Finding[] {
  const found: Finding[] = [];
  if (/^\p{Nd}/u.test(login)) {
    found.push({
      code: 'login_starts_with_digit',
      message: 'starts with a digit; some Plesk versions want a letter first',
    });
  }
  if (/\p{Lu}/u.test(login)) {
    found.push({
      code: 'login_upper_case',
      message: 'contains upper case; Plesk tells it from lower case, and system users have none',
    });
  }
  const withoutReported = startsWithSymbol(login) ? login.replace(/^./su, '') : login;
  if (UNUSUAL_IN_LOGIN.test(withoutReported)) {
    found.push({
      code: 'login_unusual_characters',
      message: 'contains more than the letters a to z, digits, dots, underscores and hyphens',
    });
  }
  return found;
}

function loginLengthWarnings(length: number): Finding[] {
  if (length > LOGIN_MAXIMUM || length <= WINDOWS_USER_MAXIMUM) return [];
  const found = length > DOCUMENTED_MAXIMUM ? [longerThanDocumented()] : [];
  const system =
    length > LINUX_USER_MAXIMUM
      ? `${LINUX_USER_MAXIMUM} characters that a Linux`
      : `${WINDOWS_USER_MAXIMUM} characters that a Windows`;
  found.push({
    code: 'login_too_long_for_system_user',
    message: `is longer than the ${system} system user may have, should it be used for one`,
  });
  return found;
}

function passwordWarnings(password: string, fields: Partial<AccountFields>): Finding[] {
  const found: Finding[] = [];
  const { login = '', email = '' } = fields;
  const length = countCodePoints(password);
  // A password that is too short is refused for just that.
  if (length >= PASSWORD_MINIMUM && mayBeTooWeak(password)) {
    found.push({
      code: 'password_may_be_too_weak',
      message:
        "may be too weak for Plesk's default policy (an estimate): use 16 or more characters with " +
        'upper case, lower case, three digits, two of !@#$%^&*?_~ and no common words',
    });
  }
  if (length > DOCUMENTED_PASSWORD_MAXIMUM && length <= PASSWORD_MAXIMUM) {
    found.push({
      code: 'longer_than_documented',
      message: `is longer than the ${DOCUMENTED_PASSWORD_MAXIMUM} characters in Plesk's documents; servers are known to take longer ones`,
    });
  }
  const loginInside = containsLogin(password, login);
  if (loginInside === 'in_other_case') {
    found.push({
      code: 'password_contains_login',
      message: 'contains the login in another case, which some servers refuse',
    });
  }
  const repeatsLogin =
    loginInside !== 'no' && emailName(email).toLowerCase() === login.toLowerCase();
  if (!repeatsLogin && containsEmailName(password, email)) {
    found.push({
      code: 'password_contains_email_name',
      message: 'contains the part of the e-mail address before the @, which is easily guessed',
    });
  }
  if (password.includes('~')) {
    found.push({ code: 'password_tilde', message: 'contains a tilde, which some servers refuse' });
  }
  return found;
}
