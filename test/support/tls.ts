import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { type GenerateResult, generate } from 'selfsigned';
import {
  createdClient,
  type Handler,
  type ServerOptions,
  serve,
  type TestServer,
} from './server.ts';
import { temporaryFolder } from './temporary.ts';

export type CertificateKind = 'good' | 'self-signed' | 'expired' | 'wrong-host' | 'tls1.1-only';

/** A certificate authority made for one test; its key never leaves memory. */
export interface Authority extends AsyncDisposable {
  /** The authority's own certificate. */
  readonly pem: string;
  /** The same in a temporary file, for NODE_EXTRA_CA_CERTS. */
  readonly file: string;
  /** A certificate for this machine, or another host, signed by the authority, valid until then. */
  issue(hosts?: readonly Host[], until?: Date): Promise<KeyAndCertificate>;
  close(): Promise<void>;
}

export type Host = { readonly dns: string } | { readonly ip: string };

export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

export interface TlsServer extends TestServer {
  /** Signed every certificate but the self-signed one. */
  readonly authority: Authority;
  /** TLS handshakes that came to an end; `connections` counts TCP. */
  readonly handshakes: number;
}

export interface TlsServerOptions extends ServerOptions {
  readonly certificate: CertificateKind;
  /** To share one between servers; otherwise each has its own, closed with it. */
  readonly authority?: Authority;
}

const day = 86_400_000;
const loopback: readonly Host[] = [{ dns: 'localhost' }, { ip: '127.0.0.1' }];

export async function authority(): Promise<Authority> {
  const root = await make('Test Authority', new Date(Date.now() + 30 * day), undefined, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  const folder = await temporaryFolder();
  const file = folder.join('authority.pem');
  await writeFile(file, root.cert);
  return {
    pem: root.cert,
    file,
    issue: (hosts, until) => issue(root, hosts, until),
    close: folder.close,
    [Symbol.asyncDispose]: folder.close,
  };
}

/** A real HTTPS server on 127.0.0.1 (`url` says localhost); one thing, or nothing, is wrong with it. */
export async function startTlsServer(
  handler: Handler = createdClient,
  options: TlsServerOptions,
): Promise<TlsServer> {
  const { certificate: kind } = options;
  const signer = options.authority ?? (await authority());
  const { key, certificate } = await certificateOf(kind, signer);
  // OpenSSL 3 refuses to speak it above security level 0.
  const old = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const;
  const server = createServer({ key, cert: certificate, ...(kind === 'tls1.1-only' ? old : {}) });
  let handshakes = 0;
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  const running = await serve(server, 'https://localhost', handler, options);
  const close = async () => {
    if (options.authority === undefined) await signer.close();
    await running.close();
  };
  return Object.create(running, {
    authority: { value: signer },
    handshakes: { get: () => handshakes },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  });
}

function certificateOf(kind: CertificateKind, signer: Authority): Promise<KeyAndCertificate> {
  if (kind === 'self-signed') return issue(undefined);
  if (kind === 'expired') return signer.issue(loopback, new Date(Date.now() - day));
  return signer.issue(kind === 'wrong-host' ? [{ dns: 'elsewhere.example' }] : loopback);
}

async function issue(
  signer: GenerateResult | undefined,
  hosts = loopback,
  until = new Date(Date.now() + 10 * day),
): Promise<KeyAndCertificate> {
  const altNames = hosts.map((host) =>
    'dns' in host ? ({ type: 2, value: host.dns } as const) : ({ type: 7, ip: host.ip } as const),
  );
  const made = await make('Test Server', until, signer, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ]);
  return { key: made.private, certificate: made.cert };
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

function make(
  name: string,
  until: Date,
  signer: GenerateResult | undefined,
  extensions: Extensions,
): Promise<GenerateResult> {
  return generate([{ name: 'commonName', value: name }], {
    ...{ keyType: 'ec', algorithm: 'sha256', extensions },
    notBeforeDate: new Date(until.getTime() - 60 * day),
    notAfterDate: until,
    ...(signer === undefined ? {} : { ca: { key: signer.private, cert: signer.cert } }),
  });
}
