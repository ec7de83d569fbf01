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
  /** A certificate for these hosts signed by the authority, valid until then. */
  issue(hosts: readonly Host[], until?: Date): Promise<KeyAndCertificate>;
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
  const root = await generate([{ name: 'commonName', value: 'Test Authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 30 * day),
    notAfterDate: new Date(Date.now() + 30 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const folder = await temporaryFolder();
  const file = folder.join('authority.pem');
  await writeFile(file, root.cert);
  return {
    pem: root.cert,
    file,
    issue: (hosts, until) => issue(hosts, until, root),
    close: folder.close,
    [Symbol.asyncDispose]: folder.close,
  };
}

/** A real HTTPS server on 127.0.0.1 (`url` says localhost); one thing, or nothing, is wrong with it. */
export async function startTlsServer(
  handler: Handler = createdClient,
  options: TlsServerOptions,
): Promise<TlsServer> {
  const signer = options.authority ?? (await authority());
  const { key, certificate } = await certificateOf(options.certificate, signer);
  const server = createServer({
    key,
    cert: certificate,
    ...(options.certificate === 'tls1.1-only'
      ? // OpenSSL 3 refuses to speak it above security level 0.
        { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
      : {}),
  });
  let handshakes = 0;
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  const running = await serve(server, 'https://localhost', handler, options);
  const { close } = running;
  const closeAll = async () => {
    if (options.authority === undefined) await signer.close();
    await close();
  };
  return Object.create(running, {
    authority: { value: signer },
    handshakes: { get: () => handshakes },
    close: { value: closeAll },
    [Symbol.asyncDispose]: { value: closeAll },
  });
}

function certificateOf(kind: CertificateKind, signer: Authority): Promise<KeyAndCertificate> {
  switch (kind) {
    case 'self-signed':
      return issue(loopback, undefined, undefined);
    case 'expired':
      return signer.issue(loopback, new Date(Date.now() - day));
    case 'wrong-host':
      return signer.issue([{ dns: 'elsewhere.example' }]);
    default:
      return signer.issue(loopback);
  }
}

async function issue(
  hosts: readonly Host[],
  until = new Date(Date.now() + 10 * day),
  signer: GenerateResult | undefined,
): Promise<KeyAndCertificate> {
  const first = hosts[0];
  const name = first === undefined ? 'nobody' : 'dns' in first ? first.dns : first.ip;
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(until.getTime() - 20 * day),
    notAfterDate: until,
    ...(signer === undefined ? {} : { ca: { key: signer.private, cert: signer.cert } }),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          'dns' in host ? { type: 2, value: host.dns } : { type: 7, ip: host.ip },
        ),
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}
