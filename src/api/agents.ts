import http from 'node:http';
import https from 'node:https';
import { OxhostError } from '../errors.ts';
import { isLoopback } from '../settings.ts';

/** Shorter than what servers keep idle connections for, so that a stale one is seldom met. */
const IDLE_MILLISECONDS = 4_000;

export interface Agents {
  http?: http.Agent;
  https?: https.Agent;
  /** Address of the proxy without credentials, or null. */
  proxy: string | null;
  close(): void;
}

export interface AgentOptions {
  /** Connections at once. */
  concurrency: number;
  /** Never through a proxy: the embedded sandbox. */
  direct: boolean;
}

/**
 * Agents for one origin: direct, or through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` name. Plain HTTP, which is for loopback addresses alone, goes through a proxy only
 * if that is on this machine too: a key must not cross a network in clear.
 * @throws OxhostError `usage` for a proxy address of another kind than http or https.
 */
export async function createAgents(origin: URL, options: AgentOptions): Promise<Agents> {
  const common = {
    keepAlive: true,
    maxSockets: options.concurrency,
    timeout: IDLE_MILLISECONDS,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  } as const;
  const proxy = options.direct ? null : await proxyFor(origin);
  if (proxy === null) {
    if (origin.protocol === 'https:') return withClose({ https: new https.Agent(common) }, null);
    return withClose({ http: new http.Agent(common) }, null);
  }
  if (origin.protocol === 'https:') {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const agent = new HttpsProxyAgent(proxy, common) as unknown as https.Agent;
    return withClose({ https: agent }, proxy.origin);
  }
  const { HttpProxyAgent } = await import('http-proxy-agent');
  return withClose({ http: new HttpProxyAgent(proxy, common) }, proxy.origin);
}

async function proxyFor(origin: URL): Promise<URL | null> {
  const { getProxyForUrl } = await import('proxy-from-env');
  const address = getProxyForUrl(origin.href);
  if (address === '') return null;
  const name = origin.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  let proxy: URL;
  try {
    proxy = new URL(address);
  } catch {
    throw new OxhostError('usage', `${name} must be an address such as http://proxy.example:3128.`);
  }
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new OxhostError(
      'usage',
      `${name} must begin with http:// or https://; other proxies are not supported.`,
    );
  }
  return origin.protocol === 'http:' && !isLoopback(proxy.hostname) ? null : proxy;
}

function withClose(
  agents: { http?: http.Agent; https?: https.Agent },
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
