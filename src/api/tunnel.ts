import type { ClientRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * An agent for https through a CONNECT tunnel that does not wait for its proxy for ever: a tunnel
 * that is never made would keep its place among `maxSockets`, and its socket, to the end.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #milliseconds: number;
  readonly #waiting = new Set<AbortController>();

  constructor(proxy: URL, options: HttpsProxyAgentOptions<string>, milliseconds: number) {
    super(proxy, options);
    this.#milliseconds = milliseconds;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const waiting = new AbortController();
    this.#waiting.add(waiting);
    const timer = setTimeout(() => waiting.abort(), this.#milliseconds);
    this.connectOpts = { ...this.connectOpts, signal: waiting.signal };
    try {
      return await super.connect(request, withIdentity(options));
    } catch (error) {
      throw waiting.signal.aborted ? new TunnelTimeout() : error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiting);
    }
  }

  override destroy(): void {
    for (const waiting of this.#waiting) waiting.abort();
    super.destroy();
  }
}

class TunnelTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Inside a tunnel Node would take the certificate of an IP address for that of the proxy's name. */
function withIdentity(options: ConnectOptions): ConnectOptions {
  const { host } = options;
  if (!options.secureEndpoint || typeof host !== 'string' || isIP(host) === 0) return options;
  return {
    ...options,
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}
