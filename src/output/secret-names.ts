export const MASK = '********';

/** Wherever in a name: `newpassword`, `passwordHash`, `clientsecret`. */
const INSIDE =
  /password|passwd|passphrase|pwd\b|secret(?!ar)|(?:api|access|private|secret|auth|license)keys?\b|(?:access|auth|refresh|session|bearer)token/;

/** As a word of a name: `root_pass`, `accessToken`, `X-Api-Key`; `compass` and `passport` are none. */
const AS_WORDS =
  /(?:^| )(?:pass|pw|pwd|tokens?|credentials?|creds|authorization|cookies?|metadata|epp|otp|pin|jwt|bearer|(?:api|access|private|secret) keys?|(?:auth|epp|transfer|recovery) ?codes?)(?: |$)/;

/** Says something about a secret: `has_password`, `password_expires`, `tokens_left`. */
const ABOUT =
  /^(?:has|is|needs|requires|must|can) | (?:at|on|in|date|time|expires|expired|expiry|expiration|until|left|used|count|length|min|max|strength|policy|type|status|days|ttl|lifetime|age|required|enabled)$/;

/** Whether what a field, a parameter or a header of this name holds is never shown. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
  if (ABOUT.test(words)) return false;
  return INSIDE.test(words) || AS_WORDS.test(words);
}
