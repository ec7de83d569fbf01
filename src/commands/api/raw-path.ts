import { OxhostError } from '../../errors.ts';

/**
 * The address of a path on an origin. The key goes with it, so a path that could mean another host
 * or another path than it shows is refused rather than corrected.
 * @throws OxhostError `usage`.
 */
export function addressOf(origin: string, path: string): URL {
  const fault = faultOf(path);
  if (fault !== null) throw new OxhostError('usage', `The path ${fault}.`);
  const url = new URL(path.startsWith('/') ? path : `/${path}`, origin);
  if (url.origin !== new URL(origin).origin) {
    throw new OxhostError('usage', 'The path must be one of the API, not an address.');
  }
  return url;
}

function faultOf(path: string): string | null {
  if (path === '') return 'must not be empty';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u.test(path)) {
    return 'must not contain white space or control characters; write %20 for a space';
  }
  if (path.includes('\\')) return 'must not contain a backslash';
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')) {
    return 'must be one of the API, such as /API/invoice, not an address';
  }
  if (path.includes('#')) return 'must not contain #; write %23 for it';
  const [way = ''] = path.split('?');
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(way) || /%5c|%0[ad]/i.test(way)) {
    return 'must not contain . or .. as a step, a backslash or a line break, however encoded';
  }
  return null;
}
