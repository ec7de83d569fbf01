/** All in Unicode code points. */

/** Plesk document "What limits are set in Plesk for username, password": hard-coded, refused. */
export const LOGIN_MAXIMUM = 255;
export const PASSWORD_MINIMUM = 5;
export const PASSWORD_MAXIMUM = 255;

/** RFC 5321: the longest address that fits a mail path. Plesk is not known to refuse a longer one. */
export const EMAIL_MAXIMUM = 254;

/** Plesk's API reference for name, login and company; servers are known not to enforce it. */
export const DOCUMENTED_MAXIMUM = 60;

/** Of a generated password. */
export const PASSWORD_LENGTH = { minimum: 14, default: 20, maximum: 64 } as const;

/** A shorter login or name turns up in any password by chance. */
export const SHORTEST_TELLING_NAME = 3;
