import { error, type Finding, ok } from './finding.ts';

/** As package.json asks for. */
export const OLDEST_NODE = '20.19';

/** @param node such as 20.19.0. */
export function versionFindings(version: string, node: string): Finding[] {
  return [ok('oxhost', `Version ${version}.`), nodeFinding(node)];
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return ok('node', `Node.js ${version}.`);
  }
  return error(
    'node',
    'internal',
    `Node.js ${version} is too old.`,
    `Install Node.js ${OLDEST_NODE} or newer.`,
  );
}
