import path from 'node:path';
import { VARIABLES } from '../help/variables.ts';
import { type Environment, environmentFaults, isOn, variable } from '../settings.ts';
import { type Finding, failure, ok, warning } from './finding.ts';
import { similarWord } from './similar.ts';

/** Each variable that is not as it should be, under its own name; or that all are. Pure. */
export function environmentFindings(env: Environment): Finding[] {
  const findings = [
    ...unknownVariables(env),
    ...[...environmentFaults(env)].map(([name, fault]) =>
      failure(name, fault, `Mend ${name}, or unset it.`),
    ),
    ...doubtfulSwitches(env),
    ...doubtfulFolder(env),
    ...weakenings(env),
  ];
  return findings.length > 0
    ? findings
    : [ok('environment', 'No variable of oxhost is misspelt or has a value that cannot be used.')];
}

function unknownVariables(env: Environment): Finding[] {
  const known = VARIABLES.map(({ name }) => name);
  const own = known.filter((name) => name.startsWith('OXHOST_'));
  return Object.keys(env)
    .filter((name) => /^OXHOST_/i.test(name) && !known.includes(name))
    .filter((name) => variable(env, name) !== undefined)
    .sort()
    .map((name) => {
      const meant = similarWord(name, own);
      return warning(
        name,
        'No such variable is read, so it does nothing.',
        meant === null
          ? 'Unset it; oxhost help environment lists the variables that there are.'
          : `Did you mean ${meant}?`,
      );
    });
}

/** Whatever is neither 0 nor false counts as yes. */
function doubtfulSwitches(env: Environment): Finding[] {
  return ['OXHOST_NO_INPUT', 'OXHOST_DEBUG']
    .filter((name) => isOn(env, name) && !/^(?:1|true|yes|on)$/i.test(variable(env, name) ?? ''))
    .map((name) =>
      warning(name, 'Its value is unusual and counts as 1.', `Set ${name} to 1 or 0, or unset it.`),
    );
}

function doubtfulFolder(env: Environment): Finding[] {
  const name = 'OXHOST_CONFIG_DIR';
  const folder = variable(env, name);
  if (folder === undefined || path.isAbsolute(folder)) return [];
  return [
    warning(
      name,
      'It is relative, so it is another folder wherever oxhost is run.',
      `Give ${name} a path that begins at the root.`,
    ),
  ];
}

/** What Node.js itself reads, and what would make a connection less safe, or be seen by others. */
function weakenings(env: Environment): Finding[] {
  const findings: Finding[] = [];
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    findings.push(
      warning(
        'NODE_TLS_REJECT_UNAUTHORIZED',
        'It changes nothing: certificates are always verified.',
        'Unset it, for the sake of other programs. For an authority of your own there is NODE_EXTRA_CA_CERTS.',
      ),
    );
  }
  const flags = new Set(
    (variable(env, 'NODE_OPTIONS') ?? '')
      .split(/\s+/)
      .map((option) => option.replace(/^"|[="].*$/g, '').replaceAll('_', '-'))
      .filter((option) => /^--(?:insecure|inspect|tls-min-v1\.[01]$|tls-keylog$)/.test(option)),
  );
  if (flags.size > 0) {
    findings.push(
      warning(
        'NODE_OPTIONS',
        `It has ${[...flags].join(' and ')}, which can lay open what oxhost sends.`,
        'Take it out of NODE_OPTIONS.',
      ),
    );
  }
  return findings;
}
