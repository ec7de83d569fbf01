import { describe, expect, test } from 'vitest';
import { LANGUAGES, renderSample, type SampleRequest } from '../../src/samples/index.ts';
import { startServer } from '../support/server.ts';
import { differences, RUNTIMES, request, run, VARIABLE } from './programs.ts';
import { NASTY_NAMES, NASTY_SECRET, NASTY_STRUCTURES, NASTY_TEXT, NASTY_VALUES } from './values.ts';

const ALL = { ...NASTY_TEXT, ...NASTY_VALUES, ...NASTY_NAMES };

const FORM = {
  encoding: 'form',
  headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
} as const;
const QUERY = {
  method: 'GET',
  encoding: 'query',
  headers: { accept: 'application/json' },
} as const;
const PLAIN = { name: 'John Doe', login: 'johndoe', password: undefined, company: 'ACME' };
const PASSWORD = { password: VARIABLE };

const CALLS: readonly [string, Partial<SampleRequest>][] = [
  ['the documented call', { values: PLAIN, fromEnvironment: PASSWORD }],
  ['JSON text', { values: NASTY_TEXT, fromEnvironment: PASSWORD }],
  [
    'JSON text that every language writes alike',
    { values: wellFormed(NASTY_TEXT), fromEnvironment: PASSWORD },
  ],
  ['JSON numbers', { values: NASTY_VALUES }],
  ['JSON structures', { values: { ...NASTY_STRUCTURES, months: 3 }, fromEnvironment: PASSWORD }],
  ['JSON names', { values: NASTY_NAMES, fromEnvironment: { "it's": VARIABLE } }],
  ['a JSON name that begins with NUL', { values: { '\0a': 'x' } }],
  ['names like those of a list', { values: { '0': 'a', '1': 'b' } }],
  ['very long JSON', { values: { text: `'"$张\\\n`.repeat(40_000) } }],
  ['JSON with no values', {}],
  ['a form', { ...FORM, values: ALL, fromEnvironment: { ...PASSWORD, 'é ~*': VARIABLE } }],
  ['a form with no values', FORM],
  ['a query', { ...QUERY, values: ALL }],
  ['a query with a secret', { ...QUERY, values: PLAIN, fromEnvironment: PASSWORD }],
  ['a query with no values', QUERY],
  ['a path with signs in it', { values: PLAIN, url: "/API/{c,d}/it's/$x/~*!" }],
];

function wellFormed(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, text.replace(/\p{Surrogate}/gu, '')]),
  );
}

describe.concurrent.each(LANGUAGES)('%s', (language) => {
  const { isThere, debianPackages } = RUNTIMES[language];
  const title = `as printed (skipped without the Debian packages ${debianPackages})`;

  describe.skipIf(!isThere)(title, () => {
    test.each(CALLS)('sends %s, byte for byte', async (_title, call) => {
      await using server = await startServer();
      const url = `${server.url}${call.url ?? '/API/plesk/clients/create'}`;
      const sample = request(server.url, { ...call, url });
      const program = renderSample(language, sample);
      const env = { [VARIABLE]: NASTY_SECRET };
      const result = await run(language, program, env);
      expect({ ...result, differences: differences(server.requests, sample, env) }).toMatchObject({
        stderr: '',
        exitCode: 0,
        differences: [],
      });
    });

    test.each([{ LC_ALL: 'C.UTF-8' }, { LC_ALL: 'C', PYTHONUTF8: '0', PYTHONCOERCECLOCALE: '0' }])(
      'does not depend on the locale: %o',
      async (locale) => {
        await using server = await startServer();
        const sample = request(server.url, { ...FORM, values: ALL, fromEnvironment: PASSWORD });
        const json = request(server.url, { values: NASTY_TEXT, fromEnvironment: PASSWORD });
        const env = { ...locale, [VARIABLE]: NASTY_SECRET };
        for (const call of [sample, json]) {
          server.requests.length = 0;
          await run(language, renderSample(language, call), env);
          expect(differences(server.requests, call, env)).toEqual([]);
        }
      },
    );
  });
});
