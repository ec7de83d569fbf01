import { DEFAULT_ORIGIN, type Environment, parseOrigin, variable } from '../settings.ts';
import type { Store } from '../store/config.ts';
import { type Finding, ok } from './finding.ts';

export interface AddressFacts {
  origin: string;
  /** Named by flag or environment, or null. */
  apiUrl: string | null;
  /** The profile asked for or else the current one, or null. */
  profile: string | null;
  store: Store;
  env: Environment;
}

/** Where calls go, and who says so. Pure. */
export function addressFinding(facts: AddressFacts): Finding {
  return ok('address', `${facts.origin}, ${because(facts)}.`);
}

function because({ origin, apiUrl, profile, store, env }: AddressFacts): string {
  if (apiUrl !== null) {
    return `because ${isFromEnvironment(apiUrl, env) ? 'OXHOST_API_URL' : '--api-url'} names it`;
  }
  const stored = profile !== null && Object.hasOwn(store.profiles, profile);
  if (stored) return `the address of the profile "${profile}"`;
  return origin === DEFAULT_ORIGIN ? 'the built-in address' : 'which nobody named';
}

function isFromEnvironment(apiUrl: string, env: Environment): boolean {
  const given = variable(env, 'OXHOST_API_URL');
  try {
    return given !== undefined && parseOrigin(given, 'OXHOST_API_URL') === apiUrl;
  } catch {
    return false;
  }
}
