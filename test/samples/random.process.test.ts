import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, renderSample } from '../../src/samples/index.ts';
import { startServer } from '../support/server.ts';
import { differences, RUNTIMES, request, run, VARIABLE } from './programs.ts';

/** Each run is a process, so each carries many values; a query has to fit into a header. */
const AMOUNTS = [
  { encoding: 'json', runs: 8, values: 40 },
  { encoding: 'form', runs: 4, values: 40 },
  { encoding: 'query', runs: 2, values: 8 },
] as const;

const special = fc.constantFrom(...'\'"`$\\!%{}<>?&~*-@#\n\r\t\0\u007f\u2028é张😀\ud83d\udc4d');
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const text = fc.oneof(
  fc.string({ unit: special, maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: codeUnit, maxLength: 20 }),
);
const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
const scalar = fc.oneof(text, text, finite, fc.integer(), fc.boolean());
const secret = fc
  .array(fc.oneof(special, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join('').replace(/\0|\p{Surrogate}/gu, ''))
  .filter((value) => value !== '');
/** `URLSearchParams` keeps both of two names that become one; no object can. */
const name = text.map((value) => value.replace(/\p{Surrogate}/gu, ''));

describe.concurrent.each(LANGUAGES)('%s', (language) => {
  const { isThere, debianPackages } = RUNTIMES[language];
  const title = `as printed (skipped without the Debian packages ${debianPackages})`;

  describe.skipIf(!isThere)(title, () => {
    test.each(AMOUNTS)('sends any values in $encoding', async (amount) => {
      const { encoding } = amount;
      await using server = await startServer();
      const members = encoding === 'json' ? fc.oneof(scalar, fc.double(), fc.array(text)) : scalar;
      const values = fc
        .array(fc.tuple(name, members), { minLength: 5, maxLength: amount.values })
        .map((pairs) => Object.fromEntries(pairs));
      await fc.assert(
        fc.asyncProperty(values, secret, async (given, password) => {
          server.requests.length = 0;
          const sample = request(server.url, {
            encoding,
            method: encoding === 'query' ? 'GET' : 'POST',
            headers: { accept: 'application/json' },
            values: given,
            fromEnvironment: { password: VARIABLE },
          });
          const env = { [VARIABLE]: password };
          const result = await run(language, renderSample(language, sample), env);
          expect(result).toMatchObject({ stderr: '', exitCode: 0 });
          expect(differences(server.requests, sample, env)).toEqual([]);
        }),
        { numRuns: amount.runs },
      );
    });
  });
});
