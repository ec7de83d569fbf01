// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are to be taken as they stand
import { readdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LANGUAGES,
  type Language,
  renderSample,
  type SampleRequest,
} from '../../src/samples/index.ts';
import { commandLineOf, runProcess, startProcess } from '../support/process.ts';
import {
  answer,
  closedPort,
  hang,
  redirect,
  resetAfterReading,
  startServer,
} from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { startTlsServer } from '../support/tls.ts';
import { KEY, meaningOf, RUNTIMES, request, run, VARIABLE } from './programs.ts';

const PASSWORD = 'password-that-nobody-may-see';

/** What a language, a shell, JSON, a form or a terminal takes for something else. */
const NASTY = [
  "O'Brien's ''",
  'say "no" ""',
  '$HOME ${HOME} $(id) $1 $$ {$x}',
  '`id` `',
  '\\ \\\\ \\n \\u0041 \\\' \\" \\',
  '! !! !$ wow!',
  '<?php echo 1; ?> </script><!-- ]]>',
  '\ufeffa\u2028b\u200dc \u202eabc\u202c a\u{e0041}b',
  '% %s %25 %% {name} #{name} %(name)s',
  '张伟 👩‍👩‍👧 e\u0301',
  '-X DELETE --next @/etc/hostname =1+1 a=b&c=d;e ~*._+()/:?#[]',
  '  edge  ',
  '# // /* -- """ EOF\'',
].map((text, index): [string, string] => [`field_${index}`, text]);
const NASTY_SECRET = `one\n"two'\r\n\t${NASTY.map(([, text]) => text).join('|')}`;

const CALLS: readonly [string, Partial<SampleRequest>][] = [
  ['JSON', { values: { ...Object.fromEntries(NASTY), months: 3, password: '' } }],
  ['JSON with a list', { values: { suffixes: ['.com', "o'x", '张'] }, fromEnvironment: {} }],
  ['a form', { encoding: 'form', values: Object.fromEntries(NASTY) }],
  ['a query', { encoding: 'query', method: 'GET', values: Object.fromEntries(NASTY) }],
];

const sampleFor = (language: Language, origin: string) => renderSample(language, request(origin));

describe.concurrent.each(LANGUAGES)('%s', (language) => {
  const { isThere, debianPackages, command, fromStdin } = RUNTIMES[language];
  const ENV = { [VARIABLE]: PASSWORD };

  test('is short, says what it does, and has no secret and nothing invisible', () => {
    const values = { ...Object.fromEntries(NASTY.slice(0, 8)), password: PASSWORD };
    const program = renderSample(language, request('https://0xhost.com', { values }));
    expect(program).not.toContain(PASSWORD);
    expect(program.split('\n').length - 1).toBeLessThanOrEqual(language === 'curl' ? 16 : 45);
    expect(program).toContain('Makes one call: POST https://0xhost.com/API/plesk/clients/create');
    expect(program).toContain(`OXHOST_API_KEY and ${VARIABLE} in the environment`);
    expect(program).toContain('look before repeating it');
    expect(program.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const reading = request('https://0xhost.com', { method: 'GET', encoding: 'query' });
    expect(renderSample(language, reading)).not.toContain('look before');
  });

  describe.skipIf(!isThere)(`as printed (skipped without ${debianPackages})`, () => {
    test.each(CALLS)('sends %s', async (_what, call) => {
      for (const locale of [{ LC_ALL: 'C.UTF-8' }, { LC_ALL: 'C', PYTHONUTF8: '0' }]) {
        await using server = await startServer();
        const sample = request(server.url, call);
        const env = { ...locale, PYTHONCOERCECLOCALE: '0', [VARIABLE]: NASTY_SECRET };
        const result = await run(language, renderSample(language, sample), env);
        expect(result).toMatchObject({ stderr: '', exitCode: 0 });
        expect(server.requests).toHaveLength(1);
        const secrets = Object.keys(sample.fromEnvironment).map((name) => [name, NASTY_SECRET]);
        const values = { ...sample.values, ...Object.fromEntries(secrets) };
        expect(server.requests.map(meaningOf)).toEqual([
          {
            method: sample.method,
            pathname: '/API/plesk/clients/create',
            type: {
              json: 'application/json',
              form: expect.stringMatching(/^application\/x-www-form-urlencoded/),
              query: undefined,
            }[sample.encoding],
            accept: 'application/json',
            key: KEY,
            values,
          },
        ]);
        if (sample.encoding === 'json') {
          expect(Object.keys(meaningOf(server.requests[0] as never).values)).toEqual(
            Object.keys(values),
          );
        }
      }
    });

    test('any text arrives as it is', async () => {
      const special = fc.constantFrom(...'\'"`$\\!%{}<>?&~*-@#\u2028é张😀\u200d');
      const text = fc.string({ unit: fc.oneof(special, fc.string({ maxLength: 1 })) });
      const secret = text.filter((value) => value !== '' && !value.includes('\0'));
      await using server = await startServer();
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 40 }), secret, async (texts, password) => {
          server.requests.length = 0;
          const values = Object.fromEntries(texts.map((value, index) => [`f${index}`, value]));
          const program = renderSample(language, request(server.url, { values }));
          await run(language, program, { [VARIABLE]: password });
          expect(server.requests.map(({ json }) => json)).toEqual([{ ...values, password }]);
        }),
        { numRuns: 8 },
      );
    });

    test('also runs from stdin, and prints the body of the answer', async () => {
      const text = '{"success": true, "message": "张 \\"é\\" %s \\\\n"}';
      await using server = await startServer(answer(201, text));
      const result = await runProcess(command, fromStdin, {
        env: { OXHOST_API_KEY: KEY, ...ENV },
        input: sampleFor(language, server.url),
      });
      expect(result).toMatchObject({ stdout: `${text}\n`, stderr: '', exitCode: 0 });
    });

    const failing: [string, Parameters<typeof answer>][] = [
      ['success: false', [200, { success: false }]],
      ['success as text', [200, '{"success":"true"}']],
      ['no success', [200, '{"data":{"success":true}}']],
      ['an empty answer', [200, '']],
      ['a page', [200, '<p>"success": true</p>']],
      ['a cut answer', [200, '{"success":true,"data":{']],
      ['a list', [200, '[{"success":true}]']],
      ['null', [200, 'null']],
      ['401', [401, { success: true }]],
      ['500', [500, { success: true }]],
    ];
    test.each(failing)('ends with 1, and prints what came: %s', async (_what, reply) => {
      await using server = await startServer(answer(...reply));
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result.exitCode).toBe(1);
      const body = typeof reply[1] === 'string' ? reply[1] : JSON.stringify(reply[1]);
      expect(result.stdout).toBe(`${body}\n`);
      expect(result.stderr).not.toBe('');
      expect(server.requests).toHaveLength(1);
    });

    test('ends with 1 where nothing came, and goes nowhere else', async () => {
      await using elsewhere = await startServer();
      await using tls = await startTlsServer(undefined, { certificate: 'self-signed' });
      await using redirecting = await startServer(redirect(302, `${elsewhere.url}/x`));
      await using resetting = await startServer(resetAfterReading);
      const closed = `http://127.0.0.1:${await closedPort()}`;
      for (const origin of [redirecting.url, resetting.url, tls.url, closed]) {
        const result = await run(language, sampleFor(language, origin), ENV);
        expect([origin, result.exitCode]).toEqual([origin, 1]);
        expect(result.stdout + result.stderr).not.toMatch(/nobody-may-see/);
      }
      expect(elsewhere.requests).toEqual([]);
    });

    test.each([
      [{ OXHOST_API_KEY: '' }, 'OXHOST_API_KEY'],
      [{ [VARIABLE]: '' }, VARIABLE],
    ])('ends with 1 without its variables: %j', async (env, name) => {
      await using server = await startServer();
      const result = await run(language, sampleFor(language, server.url), { ...ENV, ...env });
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toContain(`${name}`);
      expect(result.stderr).toContain('is not set');
      expect(server.requests).toEqual([]);
    });
  });
});

const canLook = process.platform === 'linux' && RUNTIMES.curl.isThere;
describe.skipIf(!canLook)('what others see of bash, curl and jq (skipped without them)', () => {
  async function visibleArguments(program: string): Promise<string> {
    await using server = await startServer(hang);
    await using folder = await temporaryFolder();
    const file = folder.join('program.sh');
    await writeFile(file, program.replaceAll('http://here', server.url));
    const env = { OXHOST_API_KEY: KEY, [VARIABLE]: PASSWORD };
    await using shell = startProcess('bash', [file], { env });
    await expect.poll(() => server.requests.length).toBe(1);
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const lines = await Promise.all(
      pids.map((pid) => commandLineOf(pid).catch((): string[] => [])),
    );
    const all = lines.map((line) => line.join(' '));
    const seen = all.filter((line) => line.includes(file) || line.includes(`:${server.port}/`));
    expect(seen.some((line) => line.startsWith('curl'))).toBe(true);
    await server.close();
    await shell.exited;
    return seen.join('\n');
  }

  test.each(['json', 'form'] as const)('has neither key nor password: %s', async (encoding) => {
    const program = renderSample('curl', request('http://here', { encoding }));
    expect(await visibleArguments(program)).not.toMatch(/nobody-may-see|John Doe/);
  });

  test('would have them if they were arguments', async () => {
    const naive = `curl -s -H "x-api-key: $OXHOST_API_KEY" -d "p=$${VARIABLE}" http://here/x\n`;
    const visible = await visibleArguments(naive);
    expect(visible).toContain(KEY);
    expect(visible).toContain(PASSWORD);
  });
});
