import { type Environment, isLoopback, variable } from '../settings.ts';
import { type Finding, ok } from './finding.ts';

/**
 * The proxy that calls go through, or why there is none. Pure.
 * @param proxy its address without credentials, or null.
 */
export function proxyFinding(proxy: string | null, origin: URL, env: Environment): Finding {
  const scheme = origin.protocol === 'https:' ? 'HTTPS' : 'HTTP';
  const names = [`${scheme}_PROXY`, 'ALL_PROXY'].flatMap((name) => [name.toLowerCase(), name]);
  const named = names.find((name) => variable(env, name) !== undefined);
  if (named === undefined) return ok('proxy', 'None, because no variable names one.');
  if (proxy !== null) return ok('proxy', `${proxy}, because ${named} names it.`);
  const isHere = origin.protocol === 'https:' || isOnThisMachine(variable(env, named) ?? '');
  return ok(
    'proxy',
    isHere
      ? `None for this address: NO_PROXY exempts it from ${named}.`
      : `None for this address: that in ${named} is on another machine, and a key must not cross a network in clear.`,
  );
}

function isOnThisMachine(proxy: string): boolean {
  try {
    return isLoopback(new URL(proxy.includes('://') ? proxy : `http://${proxy}`).hostname);
  } catch {
    return false;
  }
}
