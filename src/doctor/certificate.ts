/** Days before the end of a certificate that are worth a word. */
export const FEW_DAYS = 14;

const CLOCK =
  'Unless this machine has a wrong date, it is for whoever runs the server to renew it.';
const AUTHORITY =
  'If a proxy of your own network signs certificates, set NODE_EXTRA_CA_CERTS to its certificate file.';

const TROUBLES: readonly (readonly [codes: RegExp, words: string, hint: string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'the certificate has expired', CLOCK],
  [/^CERT_NOT_YET_VALID$/, 'the certificate is not valid yet', CLOCK],
  [
    /SELF_SIGNED/,
    'the certificate is signed by itself or by an authority that is not trusted here',
    AUTHORITY,
  ],
  [
    /^UNABLE_TO_(?:VERIFY|GET_ISSUER)/,
    'the certificate is signed by an authority that is not trusted here',
    AUTHORITY,
  ],
  [/^CERT_(?:REVOKED|REJECTED)$/, 'the certificate was withdrawn', CLOCK],
];

export interface Trouble {
  /** A clause. */
  words: string;
  hint: string;
}

/**
 * What is wrong with a certificate, by the code of OpenSSL or Node.js; or null. Pure.
 * @param names those that it is for, if it is for another host.
 */
export function certificateTrouble(code: string | null, names: string | null): Trouble | null {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      words: `the certificate is for another name${names === null ? '' : ` (${names})`}`,
      hint: 'Check the address. If it is right, something on the way answers in the place of the server.',
    };
  }
  const found = TROUBLES.find(([codes]) => codes.test(code ?? ''));
  return found === undefined ? null : { words: found[1], hint: found[2] };
}

/** Whole days until then; negative when it is over. Pure. */
export function daysLeft(validTo: number, now: Date): number {
  return Math.floor((validTo - now.getTime()) / 86_400_000);
}
