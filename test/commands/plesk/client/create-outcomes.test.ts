import { describe, expect, test } from 'vitest';
import { runOxhost, startOxhost } from '../../../support/run.ts';
import {
  answer,
  closeAfterReading,
  closedPort,
  createdClient,
  cutBody,
  type Handler,
  hang,
  redirect,
  resetAfterReading,
  sequence,
  startServer,
} from '../../../support/server.ts';
import { startTlsServer } from '../../../support/tls.ts';
import { creating, ENV, KEY, PASSWORD } from './creating.ts';

interface Expected {
  code: string;
  exit_code: number;
  outcome: string;
  retry: string;
  attempts: number;
  status: number | null;
}

const rejected = (status: number, more: Partial<Expected> = {}): Expected => ({
  ...{ code: 'rejected', exit_code: 5, outcome: 'not_created', retry: 'after_fix' },
  ...{ attempts: 1, status, ...more },
});
const exists = (status: number) =>
  rejected(status, { code: 'already_exists', exit_code: 6, retry: 'no' });
const unknown = (status: number | null, code = 'outcome_unknown'): Expected => ({
  ...{ code, exit_code: 8, outcome: 'unknown', retry: 'check_first', attempts: 1, status },
});
const auth = (status: number) => rejected(status, { code: 'auth_failed', exit_code: 4 });
const moved = 'https://elsewhere.example/';
const refusal = (message: string) => ({ success: false, message });

const TABLE: readonly (readonly [name: string, handler: Handler, expected: Expected])[] = [
  ['success: false', answer(200, refusal('No more clients')), rejected(200)],
  ['success: false, exists', answer(200, refusal('Login is already taken')), exists(200)],
  ...[400, 402, 404, 405, 410, 413, 415, 418, 422].map(
    (status) => [`${status}`, answer(status, refusal('No')), rejected(status)] as const,
  ),
  ['409', answer(409), exists(409)],
  ['409 that says something else', answer(409, refusal('Busy')), rejected(409)],
  ['422 whose text says so', answer(422, refusal('login already exists')), exists(422)],
  ['401', answer(401, refusal('Bad key')), auth(401)],
  ['403', answer(403, refusal('No')), auth(403)],
  ['403 of a firewall', answer(403, '<html>'), rejected(403)],
  ['307', redirect(307, moved), rejected(307, { code: 'redirect_refused' })],
  ['308', redirect(308, moved), rejected(308, { code: 'redirect_refused' })],
  ['301', redirect(301, moved), unknown(301, 'redirect_refused')],
  ['302', redirect(302, moved), unknown(302, 'redirect_refused')],
  ['303', redirect(303, moved), unknown(303, 'redirect_refused')],
  ['500', answer(500, refusal('Oops')), unknown(500)],
  ['500 that says exists', answer(500, refusal('already exists')), unknown(500)],
  ['502 with HTML', answer(502, '<html>Bad gateway</html>'), unknown(502)],
  ['503', answer(503), unknown(503)],
  ['a reset after the request', resetAfterReading, unknown(null)],
  ['a close after the request', closeAfterReading, unknown(null)],
  ['200 empty', answer(200), unknown(200, 'bad_response')],
  ['200 with HTML', answer(200, '<html>Log in</html>'), unknown(200, 'bad_response')],
  ['200 without success', answer(200, { data: { id: 'a' } }), unknown(200, 'bad_response')],
  ['200 without id', answer(200, { success: true, data: {} }), unknown(200, 'bad_response')],
  [
    '200 of another login',
    answer(200, { success: true, data: { id: 'a', login: 'somebody' } }),
    unknown(200, 'bad_response'),
  ],
  ['200 that is cut', cutBody('{"success":true}', 8), unknown(200, 'bad_response')],
  ['202', answer(202, { success: true, data: { id: 'a' } }), unknown(202, 'bad_response')],
];

describe('every end of a create has its exit code and its outcome; there is one request', () => {
  test.each(TABLE)('%s', async (_name, handler, { status, ...expected }) => {
    await using server = await startServer(handler);
    const args = creating(server, '--password', PASSWORD, '--json', '--max-wait', '0');
    const result = await runOxhost(args, { env: ENV });
    expect(result).toMatchObject({ exitCode: expected.exit_code, stdout: '', released: true });
    expect(result.error).toMatchObject(expected);
    expect((result.error?.['http'] as { status: number } | null)?.status ?? null).toBe(status);
    expect(Object.keys(result.error ?? {})).toEqual([
      ...['code', 'message', 'exit_code', 'outcome', 'retry', 'hint', 'fields', 'http', 'attempts'],
    ]);
    expect(server.requests).toHaveLength(1);
    expect(result.error?.['message']).toMatch(/^[A-Z][^\n]*\.$/);
    if (expected.outcome === 'unknown') {
      expect(result.error?.['hint']).toBe(
        'Look in the panel whether the client client1 is there before you run this again. If it is, its password is the one you gave. Then say so: oxhost history settle 1 --exists yes (or no).',
      );
    }
  });

  test('429, after the waits that are allowed', async () => {
    await using server = await startServer(
      answer(429, refusal('Slow down'), { 'retry-after': '2' }),
    );
    const args = creating(server, '--password', PASSWORD, '--json', '--max-wait', '5');
    const result = await runOxhost(args, { env: ENV });
    expect(result.error).toMatchObject({
      code: 'rate_limited',
      exit_code: 9,
      outcome: 'not_created',
      retry: 'safe',
      attempts: 3,
      http: { status: 429, retry_after: 2 },
    });
    expect(result.pauses).toEqual([2000, 2000]);
    expect(server.requests).toHaveLength(3);
    // No line for each wait.
    expect(result.errors).toHaveLength(1);
  });

  test('429, and then success', async () => {
    await using server = await startServer(sequence(answer(429), createdClient));
    const args = creating(server, '--password', PASSWORD);
    expect(await runOxhost(args, { env: ENV })).toMatchObject({ exitCode: 0 });
    expect(server.requests).toHaveLength(2);
  });

  test('nobody listens: repeated, as nothing was sent', async () => {
    const port = await closedPort();
    const args = creating({ url: `http://127.0.0.1:${port}` }, '--password', PASSWORD, '--json');
    const result = await runOxhost(args, { env: ENV });
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.error).toMatchObject({
      ...{ code: 'unreachable', outcome: 'not_created', retry: 'safe', attempts: 0, http: null },
    });
    expect(result.pauses).toHaveLength(2);
  });

  test('a certificate that nobody vouches for: not repeated', async () => {
    await using server = await startTlsServer(createdClient, { certificate: 'self-signed' });
    const args = creating(server, '--password', PASSWORD, '--json');
    const result = await runOxhost(args, { env: { ...ENV, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.error).toMatchObject({ code: 'tls_failed', outcome: 'not_created', attempts: 0 });
    expect(result.errors[0]).toMatchObject({ warning: { code: 'tls_always_verified' } });
    expect(result.pauses).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test('no answer in time', async () => {
    await using server = await startServer(hang);
    const args = creating(server, '--password', PASSWORD, '--json', '--timeout', '0.2');
    const result = await runOxhost(args, { env: ENV });
    expect(result.error).toMatchObject(unknown(null).status === null ? { exit_code: 8 } : {});
    expect(result.error?.['message']).toBe(
      'The client may or may not exist: the request was sent, but no answer came within 0.2 seconds.',
    );
    expect(server.requests).toHaveLength(1);
  });

  test('no key', async () => {
    const args = creating({ url: 'http://127.0.0.1:1' }, '--password', PASSWORD, '--json');
    const result = await runOxhost(args);
    expect(result).toMatchObject({ exitCode: 4 });
    expect(result.error).toMatchObject({
      ...{ code: 'no_api_key', outcome: 'not_created', retry: 'after_fix', attempts: 0 },
    });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while the request is out', async (signal, exitCode) => {
    await using server = await startServer(hang);
    const running = await startOxhost(creating(server, '--password', PASSWORD, '--json'), {
      env: ENV,
    });
    await expect.poll(() => server.requests.length).toBe(1);
    running.signal(signal);
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode, released: true });
    expect(result.error).toMatchObject({
      code: 'cancelled',
      message:
        'The client may or may not exist: the command was stopped after the request had been sent.',
      ...{ exit_code: exitCode, outcome: 'unknown', retry: 'check_first', attempts: 1 },
    });
  });

  test('SIGINT before anything was sent', async () => {
    const running = await startOxhost(
      creating({ url: 'http://127.0.0.1:1' }, '--password', PASSWORD, '--json'),
      { env: ENV },
    );
    running.signal('SIGINT');
    expect((await running.finished).error).toMatchObject({
      ...{ code: 'cancelled', exit_code: 130, outcome: 'not_created', attempts: 0 },
    });
  });

  test('an exception that nothing caught, while the request is out', async () => {
    await using server = await startServer(hang);
    const running = await startOxhost(creating(server, '--password', PASSWORD, '--json'), {
      env: ENV,
    });
    await expect.poll(() => server.requests.length).toBe(1);
    running.crash(new Error('what nobody foresaw'));
    expect((await running.finished).error).toMatchObject({
      ...{ code: 'internal', exit_code: 1, outcome: 'unknown', retry: 'check_first' },
    });
  });
});

describe('what the server says', () => {
  const hostile = '\u001b[2J\u001b]52;c;cm0=\u0007error: fake\r\n\u202eevil\u009b31m';

  test('cannot act on a terminal, wherever it says it', async () => {
    const body = {
      success: false,
      message: hostile,
      errors: { [`\u001b[2J${hostile}`]: [hostile], login: [hostile] },
    };
    await using server = await startServer(answer(422, body, { 'x-request-id': 'a-1' }));
    for (const flags of [[], ['--debug']]) {
      const result = await runOxhost(creating(server, '--password', PASSWORD, ...flags), {
        env: ENV,
        isTTY: { stderr: true },
      });
      // Colours and the spinner are ours.
      const own = result.stderr.replaceAll(/\u001b\[(?:\d+m|\?\d+[hl]|\d*[AGK])/g, '');
      expect(own).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
      expect(result.stderr).not.toContain('\u001b[2J');
      expect(own.split('\n')).not.toContain('error: fake');
      expect(own).toContain('request id: a-1');
    }
  });

  test('on success neither', async () => {
    const data = { id: hostile, login: 'client1', name: hostile, [hostile]: 'x' };
    await using server = await startServer(answer(200, { success: true, data }));
    for (const isTTY of [{ stdout: true }, {}]) {
      const env = { ...ENV, NO_COLOR: '1' };
      const args = creating(server, '--password', PASSWORD);
      const { stdout } = await runOxhost(args, { env, isTTY });
      expect(stdout).not.toMatch(/[^\n\t\P{Cc}]|\p{Cf}/u);
    }
    const args = creating(server, '--password', PASSWORD, '--json');
    const { stdout } = await runOxhost(args, { env: ENV, isTTY: { stdout: true } });
    expect(stdout).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    expect(JSON.parse(stdout)).toMatchObject({ id: hostile });
  });

  test('is masked where it repeats key or password, also where it is cut', async () => {
    const repeated = `${PASSWORD} and ${KEY} `.repeat(200);
    for (const body of [refusal(repeated), repeated]) {
      await using server = await startServer(answer(400, body));
      for (const flags of [[], ['--json'], ['--debug']]) {
        const args = creating(server, '--password', PASSWORD, ...flags);
        const { stderr } = await runOxhost(args, { env: ENV });
        if (typeof body !== 'string') expect(stderr).toContain('********');
        expect(stderr).not.toContain(PASSWORD.slice(0, 6));
        expect(stderr).not.toContain(KEY.slice(0, 6));
      }
    }
  });

  test('is cut where it goes on and on', async () => {
    const long = 'long '.repeat(50_000);
    const body = { success: false, message: long, errors: { login: [long], [long]: ['x'] } };
    await using server = await startServer(answer(422, body));
    const { stderr } = await runOxhost(creating(server, '--password', PASSWORD), { env: ENV });
    expect(stderr).toContain('…');
    expect(stderr.split('\n').filter((line) => line.length > 1_300)).toEqual([]);
  });

  test('names the fields', async () => {
    const body = { success: false, message: 'Check it', errors: { login: ['is too short'] } };
    await using server = await startServer(answer(422, body));
    const { stderr } = await runOxhost(creating(server, '--password', PASSWORD, '-q'), {
      env: ENV,
    });
    expect(stderr.split('\n').slice(-3, -1)).toEqual([
      expect.stringContaining('Check it'),
      '  --login: is too short',
    ]);
  });
});
