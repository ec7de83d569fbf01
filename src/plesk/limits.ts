/** All in Unicode code points. */

/** Plesk document "What limits are set in Plesk for username, password": hard-coded, refused. */
export const LOGIN_MAXIMUM = 255;
export const PASSWORD_MINIMUM = 5;
export const PASSWORD_MAXIMUM = 255;

/** RFC 5321: the longest address that fits a mail path. Plesk is not known to refuse a longer one. */
export const EMAIL_MAXIMUM = 254;

/** Plesk's API reference for name, login and company; servers are known not to enforce it. */
export const DOCUMENTED_MAXIMUM = 60;
/** Plesk's API reference; its own tests use longer ones. */
export const DOCUMENTED_PASSWORD_MAXIMUM = 14;

/** Plesk document, for a login that becomes a system user later. */
export const LINUX_USER_MAXIMUM = 32;
export const WINDOWS_USER_MAXIMUM = 20;
