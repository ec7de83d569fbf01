import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language, renderSample } from '../../src/samples/index.ts';
import { runProcess } from '../support/process.ts';
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
import { createRequest, differences, KEY, RUNTIMES, request, run, VARIABLE } from './programs.ts';

const PASSWORD = 'password-that-nobody-may-see';
const ENV = { [VARIABLE]: PASSWORD };

function sampleFor(language: Language, origin: string): string {
  return renderSample(language, createRequest(origin));
}

describe.concurrent.each(LANGUAGES)('%s', (language) => {
  const { isThere, debianPackages, command, fromStdin } = RUNTIMES[language];

  test('neither a key among the headers nor a secret among the values is printed', () => {
    const program = renderSample(language, {
      ...createRequest('https://0xhost.com'),
      headers: { accept: 'application/json', 'X-API-Key': KEY },
      values: { name: 'John Doe', password: PASSWORD },
    });
    expect(program).not.toContain(KEY);
    expect(program).not.toContain(PASSWORD);
    expect(program).toContain('OXHOST_API_KEY');
    expect(program).toContain(VARIABLE);
  });

  test('the top says what it does and, unless it only reads, to look before running it again', () => {
    const post = sampleFor(language, 'https://0xhost.com').split('\n').slice(0, 5).join('\n');
    expect(post).toContain('Makes one call: POST https://0xhost.com/API/plesk/clients/create');
    expect(post).toContain('look before running it again');
    const get = renderSample(
      language,
      request('https://0xhost.com', { method: 'GET', encoding: 'query' }),
    );
    expect(get).toContain('Makes one call: GET https://0xhost.com/');
    expect(get).not.toContain('look before');
  });

  test('characters that a terminal obeys or nobody sees are printed as escapes', () => {
    const name = '\u001b]0;x\u0007 \u009b \u202e \u200b \u2028 \ufeff \u{e0041}';
    const program = renderSample(language, {
      ...createRequest('https://0xhost.com'),
      values: { name },
    });
    expect(program.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  const title = `as printed (skipped without the Debian packages ${debianPackages})`;
  describe.skipIf(!isThere)(title, () => {
    test('also runs from stdin', async () => {
      await using server = await startServer();
      const result = await runProcess(command, fromStdin, {
        env: { OXHOST_API_KEY: KEY, ...ENV },
        input: sampleFor(language, server.url),
      });
      expect(result).toMatchObject({ stderr: '', exitCode: 0 });
      expect(differences(server.requests, createRequest(server.url), ENV)).toEqual([]);
    });

    test('prints the body of the answer', async () => {
      const text = '{"success": true, "message": "张 \\"é\\" %s \\\\n"}';
      await using server = await startServer(
        answer(201, text, { 'content-type': 'application/json' }),
      );
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result).toMatchObject({ stdout: `${text}\n`, stderr: '', exitCode: 0 });
    });

    test.each([
      ['HTML', '<html>"success": true</html>', 'the answer is not a JSON object'],
      ['nothing', '', 'the answer is not a JSON object'],
      ['cut JSON', '{"success": true, "data": {"id": "1', 'the answer is not a JSON object'],
      [
        'cut JSON that ends well',
        '{"success": true, "data": {"id": "}"}',
        'the answer is not a JSON object',
      ],
      ['a list', '[{"success": true}]', 'the answer is not a JSON object'],
      ['a refusal', '{"success": false}', 'the answer does not say "success": true'],
      [
        'a refusal with a success inside',
        '{"success":\n false, "transaction": {"success": true}}',
        'the answer does not say "success": true',
      ],
      ['an error', '{"error": "Not found"}', 'the answer does not say "success": true'],
      ['a text', '{"success": "true"}', 'the answer does not say "success": true'],
      [
        'words that quote it',
        '{"message": "\\"success\\": true"}',
        'the answer does not say "success": true',
      ],
    ])('fails on a 200 with %s, with the body', async (_what, body, reason) => {
      await using server = await startServer(answer(200, body));
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result).toMatchObject({
        stdout: `${body}\n`,
        stderr: `${reason}\n`,
        exitCode: 1,
      });
    });

    test('takes a success with line ends and other letters', async () => {
      const body =
        '\r\n{\n  "data": {"name": "é {\\n}} \\"success\\": false", "none": "", "end": "\\\\"},\n\t"success" : true\n}\n ';
      await using server = await startServer(answer(200, body));
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result).toMatchObject({ stderr: '', exitCode: 0 });
    });

    test.each([400, 503])('fails on status %i, with the body', async (status) => {
      await using server = await startServer(answer(status, { message: 'no' }));
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result).toMatchObject({
        stdout: '{"message":"no"}\n',
        stderr: `HTTP ${status}\n`,
        exitCode: 1,
      });
      expect(server.requests).toHaveLength(1);
    });

    test.each([301, 307] as const)(
      'does not follow %i, whatever is set for curl',
      async (status) => {
        await using home = await temporaryFolder();
        await writeFile(home.join('.curlrc'), 'location\nlocation-trusted\n');
        await using other = await startServer();
        await using server = await startServer(redirect(status, `${other.url}/x`));
        const env = { ...ENV, HOME: home.path };
        const result = await run(language, sampleFor(language, server.url), env);
        expect(result).toMatchObject({ stderr: `HTTP ${status}\n`, exitCode: 1 });
        expect(server.requests).toHaveLength(1);
        expect(other.connections).toBe(0);
      },
    );

    test('sends nothing to a server with a certificate of its own', async () => {
      await using home = await temporaryFolder();
      await writeFile(home.join('.curlrc'), 'insecure\n');
      await using server = await startTlsServer(undefined, { certificate: 'self-signed' });
      const env = { ...ENV, HOME: home.path };
      const result = await run(language, sampleFor(language, server.url), env);
      expect(result.exitCode).toBeGreaterThan(0);
      expect(result.stderr).toMatch(/certificate/i);
      expect(server.requests).toHaveLength(0);
    });

    test('sends no login of ~/.netrc', async () => {
      await using home = await temporaryFolder();
      await writeFile(home.join('.netrc'), 'default login johndoe password x\n', { mode: 0o600 });
      await using server = await startServer();
      await run(language, sampleFor(language, server.url), { ...ENV, HOME: home.path });
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    });

    test.each([
      ['OXHOST_API_KEY', { OXHOST_API_KEY: undefined }],
      ['OXHOST_API_KEY', { OXHOST_API_KEY: '' }],
      [VARIABLE, { [VARIABLE]: '' }],
    ])('fails in one line without %s: %o', async (name, missing) => {
      await using server = await startServer();
      const result = await run(language, sampleFor(language, server.url), { ...ENV, ...missing });
      expect(result).toMatchObject({ stdout: '', stderr: `${name} is not set\n`, exitCode: 1 });
      expect(server.connections).toBe(0);
    });

    test.each(['key\r\nX-Evil: 1', 'ключ'])(
      'refuses the key %j without showing it',
      async (key) => {
        await using server = await startServer();
        const env = { ...ENV, OXHOST_API_KEY: key };
        const result = await run(language, sampleFor(language, server.url), env);
        expect(result).toMatchObject({
          stderr: 'OXHOST_API_KEY holds something that no key can hold\n',
          exitCode: 1,
        });
        expect(server.connections).toBe(0);
      },
    );

    test('fails when nobody listens', async () => {
      const origin = `http://127.0.0.1:${await closedPort()}`;
      const result = await run(language, sampleFor(language, origin), ENV);
      expect(result.exitCode).toBeGreaterThan(0);
      expect(result.stderr).toMatch(/^[^\n]+\n$/);
      expect(result.stderr).not.toContain(KEY);
      expect(result.stderr).not.toContain(PASSWORD);
    });

    test('sends once, also when the connection is reset', async () => {
      await using server = await startServer(resetAfterReading);
      const result = await run(language, sampleFor(language, server.url), ENV);
      expect(result.exitCode).toBeGreaterThan(0);
      expect(result.stderr).toMatch(/^[^\n]+\n$/);
      expect(server.requests).toHaveLength(1);
    });
  });
});

const interpreted = (['python', 'php'] as const).filter((language) => RUNTIMES[language].isThere);

test.each(interpreted)(
  '%s refuses a password that is no UTF-8 (bash sends its bytes, Node replaces them)',
  async (language) => {
    await using server = await startServer();
    await using folder = await temporaryFolder();
    const file = folder.join('program');
    await writeFile(file, sampleFor(language, server.url));
    const script = `${VARIABLE}=$'secret\\xff' exec "$0" "$1"`;
    const env = { OXHOST_API_KEY: KEY };
    const { command } = RUNTIMES[language];
    const result = await runProcess('bash', ['-c', script, command, file], { env });
    expect(result).toMatchObject({ stderr: `${VARIABLE} is not UTF-8 text\n`, exitCode: 1 });
    expect(server.connections).toBe(0);
  },
);

test('they wait 150 seconds: with 1 in its place they end', async () => {
  const there = LANGUAGES.filter((language) => RUNTIMES[language].isThere);
  const endings = there.map(async (language) => {
    await using server = await startServer(hang);
    const program = sampleFor(language, server.url);
    expect(program.match(/150/g)).toHaveLength(1);
    const result = await run(language, program.replace('150', '1'), ENV);
    expect(result.exitCode).toBeGreaterThan(0);
    expect(result.stderr).not.toBe('');
    expect(server.requests).toHaveLength(1);
  });
  await Promise.all(endings);
});

test.each([
  ['an address with a query', { url: 'https://0xhost.com/API?x=1' }],
  ['an address that is not http', { url: 'file:///etc/passwd' }],
  ['no address', { url: 'API' }],
  ['a variable that is none', { keyVariable: 'A; id' }],
  ['a variable of a field that is none', { fromEnvironment: { password: '$(id)' } }],
  ['a header with a line end', { headers: { accept: 'a\r\nb: c' } }],
  ['a header name with a quote', { headers: { 'a"b': 'c' } }],
  ['infinity in a form', { encoding: 'form', values: { a: Number.POSITIVE_INFINITY } }],
  ['a list in a form', { encoding: 'form', values: { a: ['b'] } }],
  ['values in the body of a GET', { method: 'GET', values: { a: 'b' } }],
] as const)('refuses %s', (_title, part) => {
  for (const language of LANGUAGES) {
    expect(() => renderSample(language, request('https://0xhost.com', part))).toThrow(TypeError);
  }
});
