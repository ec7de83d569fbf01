import http from 'node:http';
import https from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { OxhostError } from '../errors.ts';
import type { Environment } from '../settings.ts';
import { CONNECTION_RULES, IDLE_MILLISECONDS } from './connection.ts';

const SLOWEST_TUNNEL_SECONDS = 20;

export interface Agents {
  /** As got takes it: by scheme. */
  agent: { http?: http.Agent; https?: https.Agent };
  /** Address of the proxy without credentials, or null. */
  proxy: string | null;
  close(): void;
}

export interface AgentOptions {
  /** Connections at once. */
  concurrency: number;
  /** Where the proxy is named. */
  env?: Environment;
  /** Seconds for one answer; a proxy's own answer is not waited for much longer. */
  timeoutSeconds: number;
}

/**
 * Agents for one origin: direct, or through the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`
 * name. Plain HTTP, which is for loopback addresses alone, always goes direct: a key must not cross
 * a network in clear.
 * @throws OxhostError `usage` for a proxy address that cannot be used.
 */
export async function createAgents(origin: URL, options: AgentOptions): Promise<Agents> {
  const { concurrency: maxSockets, timeoutSeconds, env = {} } = options;
  const common = { keepAlive: true, maxSockets, timeout: IDLE_MILLISECONDS, ...CONNECTION_RULES };
  if (origin.protocol === 'http:') {
    const direct = new http.Agent(common);
    return { agent: { http: direct }, proxy: null, close: () => direct.destroy() };
  }
  const proxy = proxyFor(origin, env);
  const agent = proxy === null ? new https.Agent(common) : await tunnel(proxy);
  return { agent: { https: agent }, proxy: proxy?.origin ?? null, close: () => agent.destroy() };

  async function tunnel(address: URL): Promise<https.Agent> {
    const { TunnelAgent } = await import('./tunnel.ts');
    const seconds = Math.min(SLOWEST_TUNNEL_SECONDS, 2 * timeoutSeconds);
    return new TunnelAgent(address, common, seconds * 1000) as unknown as https.Agent;
  }
}

/** Where the library looks, and in its order. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];

/** @throws OxhostError `usage` that names the variable and repeats nothing of its value. */
function proxyFor(origin: URL, env: Environment): URL | null {
  if (getProxyForUrl(origin.href) === '') return null;
  const name = VARIABLES.find((each) => env[each]) ?? 'HTTPS_PROXY';
  const value = env[name] ?? getProxyForUrl(origin.href);
  const refused = (why: string) => new OxhostError('usage', `${name} ${why}`);
  const kind = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (kind !== undefined && kind !== 'http' && kind !== 'https') {
    throw refused(`names a ${kind} proxy; only http:// and https:// proxies can be used.`);
  }
  try {
    // Without a scheme it is a plain proxy, as to curl.
    const proxy = new URL(kind === undefined ? `http://${value}` : value);
    decodeURIComponent(proxy.username + proxy.password);
    // A "/" or "#" in a password ends the address early, and the rest has its "@".
    if (!`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@')) return proxy;
  } catch {
    if (!/[@%]/.test(value)) throw refused('must be an address such as http://proxy.example:3128.');
  }
  throw refused(
    'cannot be read as an address. In its user name and password, @ : / # % \\ are written as %40 %3A %2F %23 %25 %5C.',
  );
}
