import http from 'node:http';
import https from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { OxhostError } from '../errors.ts';
import { type Environment, isLoopback } from '../settings.ts';
import type { RequestFunction } from './forward.ts';
import { IDLE_MILLISECONDS, TLS_RULES } from './phases.ts';

const SLOWEST_TUNNEL_SECONDS = 20;

export interface Agents {
  http?: http.Agent;
  https?: https.Agent;
  /** Makes the requests where an agent alone does not. */
  request?: RequestFunction;
  /** Address of the proxy without credentials, or null. */
  proxy: string | null;
  close(): void;
}

export interface AgentOptions {
  /** Connections at once. */
  concurrency: number;
  /** Never through a proxy: the embedded sandbox. */
  direct: boolean;
  /** Where the proxy is named. */
  env?: Environment;
  /** Seconds for one answer; a proxy's own answer is not waited for much longer. */
  timeoutSeconds: number;
}

/**
 * Agents for one origin: direct, or through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` name. Plain HTTP, which is for loopback addresses alone, goes through a proxy only
 * if that is on this machine too: a key must not cross a network in clear.
 * @throws OxhostError `usage` for a proxy address that cannot be used.
 */
export async function createAgents(origin: URL, options: AgentOptions): Promise<Agents> {
  const common = {
    keepAlive: true,
    maxSockets: options.concurrency,
    timeout: IDLE_MILLISECONDS,
    ...TLS_RULES,
  } as const;
  const proxy = options.direct ? null : proxyFor(origin, options.env ?? {});
  if (proxy === null) {
    if (origin.protocol === 'https:') return withClose({ https: new https.Agent(common) }, null);
    return withClose({ http: new http.Agent(common) }, null);
  }
  if (origin.protocol === 'https:') {
    const { TunnelAgent } = await import('./tunnel.ts');
    const agent = new TunnelAgent(proxy, common, tunnelMilliseconds(options.timeoutSeconds));
    return withClose({ https: agent as unknown as https.Agent }, proxy.origin);
  }
  const { requestsBy } = await import('./forward.ts');
  return withClose({ http: new http.Agent(common), request: requestsBy(proxy) }, proxy.origin);
}

function tunnelMilliseconds(timeoutSeconds: number): number {
  return Math.min(SLOWEST_TUNNEL_SECONDS, 2 * timeoutSeconds) * 1000;
}

function proxyFor(origin: URL, env: Environment): URL | null {
  const found = getProxyForUrl(origin.href);
  if (found === '') return null;
  // Without a scheme it is a plain proxy, as to curl; the library takes the scheme of the target.
  const address = isNamedWithScheme(origin, env) ? found : found.replace(/^https:/, 'http:');
  const name = origin.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  let proxy: URL;
  try {
    proxy = new URL(address);
    decodeURIComponent(proxy.username + proxy.password);
  } catch {
    throw new OxhostError('usage', `${name} must be an address such as http://proxy.example:3128.`);
  }
  const kinds = origin.protocol === 'https:' ? ['http:', 'https:'] : ['http:'];
  if (!kinds.includes(proxy.protocol)) {
    throw new OxhostError(
      'usage',
      `${name} must begin with ${kinds.map((kind) => `${kind}//`).join(' or ')}; other proxies are not supported.`,
    );
  }
  return origin.protocol === 'http:' && !isLoopback(proxy.hostname) ? null : proxy;
}

/** Looks where the library looks, and in its order. */
function isNamedWithScheme({ protocol }: URL, env: Environment): boolean {
  const names = [protocol.replace(':', '_proxy'), 'all_proxy'];
  const given = names.flatMap((name) => [env[name], env[name.toUpperCase()]]).find(Boolean);
  return given === undefined || given.includes('://');
}

function withClose(
  agents: Pick<Agents, 'http' | 'https' | 'request'>,
  proxy: string | null,
): Agents {
  return {
    ...agents,
    proxy,
    close() {
      agents.http?.destroy();
      agents.https?.destroy();
    },
  };
}
