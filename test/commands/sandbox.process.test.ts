import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import { startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { builtTool } from '../support/tool.ts';
import { creating } from './plesk/client/creating.ts';

/** Starts `oxhost sandbox --json` in this process and waits for its line. */
async function startJson(...flags: string[]) {
  const running = await startOxhost(['sandbox', '--json', ...flags]);
  await expect.poll(() => running.stdout.lines.length).toBe(1);
  const { url, api_key: key } = JSON.parse(running.stdout.text);
  return { running, url: url as string, key: key as string };
}

describe('oxhost sandbox --json', () => {
  test('one line: address and key; works until Ctrl-C, which ends it with 130', async () => {
    const { running, url, key } = await startJson();
    expect(Object.keys(JSON.parse(running.stdout.text))).toEqual(['url', 'api_key']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const env = { OXHOST_API_KEY: key };
    const created = await runOxhost(creating({ url }, '--generate-password', '--json'), { env });
    expect(created.exitCode).toBe(0);
    const again = await runOxhost(creating({ url }, '--generate-password'), { env });
    expect(again.exitCode).toBe(6);
    const stranger = creating({ url }, '--generate-password');
    expect((await runOxhost(stranger, { env: { OXHOST_API_KEY: 'another-key-1' } })).exitCode).toBe(
      4,
    );

    const began = performance.now();
    running.signal('SIGINT');
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 130, released: true, error: undefined });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(result.stdout.split('\n')).toHaveLength(2);
    await expect(fetch(url)).rejects.toThrow();
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const request = { time, method: 'POST', path: '/API/plesk/clients/create' };
    const [{ note } = {}, ...requests] = result.errors;
    expect(note).toMatchObject({ code: 'sandbox' });
    expect(requests).toEqual(
      [200, 409, 401].map((status) => ({ request: { ...request, status } })),
    );
  });

  test('as text, requests are logged with time and status', async () => {
    const running = await startOxhost(['sandbox', '--fail', 'reset']);
    await expect.poll(() => running.stdout.lines.length).toBe(2);
    const [, url = '', key = ''] = /URL=(\S+)\n.*KEY=(\S+)/.exec(running.stdout.text) ?? [];
    await fetch(`${url}/x?y`);
    await expect(fetch(url, { headers: { 'x-api-key': key } })).rejects.toThrow();
    running.signal('SIGINT');
    expect((await running.finished).stderr.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d {2}401 {2}GET \/x\?y$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d {2}reset {2}GET \/$/),
      '',
    ]);
  });

  test('Ctrl-C does not wait for an answer that is still to come', async () => {
    const { running, url, key } = await startJson('--latency', '60000');
    const create = await startOxhost(creating({ url }, '--generate-password', '--json'), {
      env: { OXHOST_API_KEY: key },
    });
    await expect.poll(() => running.stderr.text).toContain('/API/plesk/clients/create');
    const began = performance.now();
    running.signal('SIGINT');
    expect(await running.finished).toMatchObject({ exitCode: 130 });
    expect(performance.now() - began).toBeLessThan(30_000);
    expect((await create.finished).error).toMatchObject({ outcome: 'unknown' });
  });

  test('--quiet says nothing but the line; SIGTERM ends it with 143', async () => {
    const { running } = await startJson('--quiet');
    running.signal('SIGTERM');
    expect(await running.finished).toMatchObject({ exitCode: 143, stderr: '' });
  });

  test('--fail misbehaves by its rules', async () => {
    const { running, url, key } = await startJson(
      '--fail',
      'status-after=502@1',
      '--fail',
      'reset@2-',
    );
    const env = { OXHOST_API_KEY: key };
    const args = (login: string) =>
      creating({ url }, '--generate-password', '--json', '--login', login);
    const first = await runOxhost(args('first'), { env });
    expect(first.error).toMatchObject({ outcome: 'unknown', http: { status: 502 } });
    const second = await runOxhost(args('second'), { env });
    expect(second.error).toMatchObject({ outcome: 'unknown', http: null });
    running.signal('SIGINT');
    await running.finished;
  });
});

describe('options that cannot be used: exit 2, and the option is named', () => {
  test.each([
    ['--port', '65536', '--port must be a whole number from 0 to 65535.'],
    ['--port', 'http', '--port must be a whole number from 0 to 65535.'],
    ['--port', '-1', '--port must be a whole number from 0 to 65535.'],
    ['--latency', '1s', '--latency must be a whole number from 0 to 3600000.'],
    ['--latency', '3600001', '--latency must be a whole number from 0 to 3600000.'],
  ])('%s %s', async (flag, value, message) => {
    const result = await runOxhost(['sandbox', flag, value, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage', message } });
  });

  test.each([
    '',
    'foo',
    'status',
    'status=99',
    'reset=1',
    'reset@',
    'reset@0',
    'reset@101%',
    'delay=x',
  ])('--fail %j', async (rule) => {
    const result = await runOxhost(['sandbox', '--fail', rule, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage' } });
    expect(result.error?.['message']).toMatch(/^--fail: .*"[^"]*" cannot be used: .*\.$/);
  });

  test('a port that is taken', async () => {
    await using server = await startServer();
    const result = await runOxhost(['sandbox', '--port', String(server.port), '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error).toMatchObject({
      code: 'usage',
      message: `--port: ${server.port} is in use already.`,
    });
  });
});

describe.skipIf(process.platform === 'win32')('in a real shell (a POSIX one)', () => {
  const launcher = builtTool();
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await folder?.close();
  });

  test("what it prints as text can be eval'ed", async () => {
    const script = `
      oxhost() { "$node" "$launcher" "$@"; }
      : >"$folder/sandbox.env"
      "$node" "$launcher" sandbox >"$folder/sandbox.env" 2>/dev/null & pid=$!
      while [ "$(wc -l <"$folder/sandbox.env")" -lt 2 ]; do sleep 0.05; done
      eval "$(cat "$folder/sandbox.env")"
      oxhost plesk client create --json --generate-password --name 'Example Client' \
        --login client1 --email client1@example.com --fields login,generated_password -q 2>&1
      kill "$pid"; wait "$pid"; echo "ended with $?"`;
    const result = await runProcess('sh', ['-c', script], {
      env: {
        ...{ node: process.execPath, launcher: launcher, folder: folder.path },
        OXHOST_CONFIG_DIR: folder.join('config'),
      },
    });
    expect(result.stdout).toMatch(
      /^\{"login":"client1","generated_password":".{20}"\}\nended with 143\n$/,
    );
  });
});
