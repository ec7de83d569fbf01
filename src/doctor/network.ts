import { isIP } from 'node:net';
import type { Connection } from '../api/connect.ts';
import { capitalize } from '../api/failure-words.ts';
import type { Failure } from '../api/http.ts';
import { shorten } from '../output/sanitize.ts';
import { certificateTrouble, daysLeft, FEW_DAYS } from './certificate.ts';
import { error, type Finding, ok, skipped, warning } from './finding.ts';

const LONGEST_NAMES = 200;

export interface NetworkFacts {
  connection: Connection;
  origin: URL;
  /** Address of the proxy without credentials, or null. */
  proxy: string | null;
  now: Date;
}

/** Name look-up, connection and TLS, as far as they got. Pure. */
export function networkFindings(facts: NetworkFacts): Finding[] {
  const findings: Finding[] = [];
  let broken: string | null = null;
  for (const [name, look] of [
    ['dns', lookupFinding],
    ['connection', connectionFinding],
    ['tls', tlsFinding],
  ] as const) {
    let finding = broken === null ? look(facts) : notReached(name, broken);
    if (finding === null) {
      finding = failed(name, facts);
      broken = name;
    }
    findings.push(finding);
  }
  return findings;
}

/** For when there is nothing to connect to. */
export function noNetworkFindings(because: string): Finding[] {
  return ['dns', 'connection', 'tls'].map((name) => notReached(name, because));
}

function notReached(name: string, because: string): Finding {
  return skipped(name, `Not looked at, because of ${because}.`);
}

function lookupFinding({ connection, origin, proxy }: NetworkFacts): Finding | null {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  if (proxy !== null) return skipped('dns', 'The proxy looks names up.');
  if (isIP(host) !== 0) return skipped('dns', `${host} is no name and needs no look-up.`);
  const { lookup } = connection;
  if (lookup === null) return null;
  return ok('dns', `${host} is ${lookup.addresses.join(', ')} (${lookup.milliseconds} ms).`);
}

function connectionFinding({ connection, proxy, origin }: NetworkFacts): Finding | null {
  const { tcp, tunnel } = connection;
  const isTunnel = proxy !== null && origin.protocol === 'https:';
  const reached = isTunnel ? tunnel : tcp;
  if (reached === null) return null;
  const what = isTunnel
    ? 'A tunnel through the proxy'
    : proxy === null
      ? 'Open'
      : 'Open to the proxy';
  return ok('connection', `${what} (${reached.milliseconds} ms).`);
}

function tlsFinding({ connection, origin, now }: NetworkFacts): Finding | null {
  if (origin.protocol === 'http:') return skipped('tls', 'http:// on this machine has none.');
  const { tls } = connection;
  if (tls === null) return null;
  const { subject, issuer, validTo } = tls.certificate;
  const left = daysLeft(validTo, now);
  const days = Number.isNaN(left) ? 'no end' : left === 1 ? '1 day left' : `${left} days left`;
  const whose = `certificate of ${shorten(subject, LONGEST_NAMES)} by ${shorten(issuer, LONGEST_NAMES)}`;
  const message = `${tls.protocol} (${tls.milliseconds} ms), ${whose}, ${days}.`;
  if (left >= FEW_DAYS || Number.isNaN(left)) return ok('tls', message);
  return warning(
    'tls',
    message,
    'It is for whoever runs the server to renew it in time. After that nothing is sent to it.',
  );
}

function failed(name: string, { connection, origin }: NetworkFacts): Finding {
  const found = connection.failure;
  const unforeseen: Failure = {
    ...{ kind: 'failure', sent: false, reason: 'network', code: null },
    message: 'no connection came about',
  };
  const { reason, code, message, proxy } = found ?? unforeseen;
  const names = connection.foreignNames;
  const trouble = certificateTrouble(code, names === null ? null : shorten(names, LONGEST_NAMES));
  const words = trouble === null ? message : `${message}: ${trouble.words}`;
  const where = proxy === undefined ? '' : `The proxy ${proxy} could not be reached: `;
  const text = `${where}${where === '' ? capitalize(words) : words}.`;
  return error(
    name,
    reason === 'certificate' ? 'tls_failed' : 'unreachable',
    text,
    trouble?.hint ?? hintFor(name, reason, proxy !== undefined, origin),
  );
}

function hintFor(name: string, reason: Failure['reason'], isToProxy: boolean, origin: URL): string {
  if (isToProxy) return 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.';
  if (reason === 'proxy') return 'Check HTTPS_PROXY and its user name and password.';
  if (name === 'dns') return `Check the spelling of ${origin.hostname}, and the network.`;
  if (name === 'tls') return 'Check the address, and what lies between here and the server.';
  return 'Check the address, the network and its firewall. If there is a proxy, name it in HTTPS_PROXY.';
}
