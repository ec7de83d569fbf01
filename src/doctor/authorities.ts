import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { type Environment, variable } from '../settings.ts';
import { type Finding, ok, warning } from './finding.ts';

const NAME = 'NODE_EXTRA_CA_CERTS';
const LARGEST_FILE = 16_777_216;

/** What Node.js makes of the file of further certificate authorities, if one is named. */
export async function authoritiesFindings(env: Environment, now: Date): Promise<Finding[]> {
  const file = variable(env, NAME);
  if (file === undefined) return [];
  try {
    const status = await fs.stat(file);
    if (!status.isFile() || status.size > LARGEST_FILE) return [authoritiesFinding(file, '', now)];
    return [authoritiesFinding(file, await fs.readFile(file, 'latin1'), now)];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [
      warning(
        NAME,
        `${file} cannot be read (${code ?? message}), so Node.js does without it.`,
        `Mend the path, or unset ${NAME}.`,
      ),
    ];
  }
}

/** Pure. */
export function authoritiesFinding(file: string, content: string, now: Date): Finding {
  const blocks = content.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const certificates = blocks.map(parse).filter((certificate) => certificate !== null);
  const damaged = blocks.length - certificates.length;
  const over = certificates.filter(({ validTo }) => Date.parse(validTo) < now.getTime()).length;
  if (blocks.length === 0) {
    return warning(
      NAME,
      `${file} has no certificate in it.`,
      'It must be in PEM format, which begins with -----BEGIN CERTIFICATE-----.',
    );
  }
  if (damaged > 0) {
    return warning(
      NAME,
      `${file} has ${count(damaged)} in it that cannot be read.`,
      'Get the file again from where it came from.',
    );
  }
  // Files with all the world's authorities have old ones in them.
  if (over === blocks.length) {
    return warning(
      NAME,
      `${file} has no certificate in it whose time is not over.`,
      'Get the new file from where it came from.',
    );
  }
  return ok(NAME, `${file} has ${count(certificates.length)}.`);
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function count(number: number): string {
  return number === 1 ? '1 certificate' : `${number} certificates`;
}
