import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryInput, MemoryOutput } from '../support/memory-streams.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import { answer, createdClient, resetAfterReading, startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { CREATED, creating, ENV } from './plesk/client/creating.ts';

let folder: TemporaryFolder;
let env: Record<string, string>;
beforeEach(async () => {
  folder = await temporaryFolder();
  env = { ...ENV, OXHOST_CONFIG_DIR: folder.join('config') };
});
afterEach(() => folder.close());

let seed = 0;
const run = (args: readonly string[], options = {}) => {
  seed += 1;
  return runOxhost(args, { env, seed, ...options });
};
const data = async (...args: string[]) => {
  const { stdout, exitCode } = await run(['history', ...args, '--json']);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
};

/** A client that is created, and then one whose end nobody knows. */
async function twoAttempts(): Promise<string> {
  await using server = await startServer((request, response, index) =>
    (index === 0
      ? createdClient
      : answer(502, '<html><title>Bad gateway</title></html>', { 'content-type': 'text/html' }))(
      request,
      response,
      index,
    ),
  );
  await run(creating(server, '--generate-password'));
  await run(creating(server, '--login', 'client2', '--generate-password'));
  const { password } = (server.requests[1]?.json ?? {}) as { password: string };
  return password;
}

describe('the list', () => {
  test('of nothing', async () => {
    expect(await data()).toEqual([]);
    const text = await run(['history'], { isTTY: true });
    expect(text).toMatchObject({ exitCode: 0, stdout: '' });
    expect(text.stderr).toContain('Nothing was created or bought here.');
  });

  test('newest first, with ids and what is open; no password', async () => {
    const password = await twoAttempts();
    const list = await data();
    const common = { operation: 'plesk client create', time: expect.any(String), domain: null };
    expect(list).toMatchObject([
      { ...common, number: 2, login: 'client2', ids: {}, state: 'unknown' },
      {
        ...{ ...common, number: 1, login: 'client1', state: 'created' },
        ids: { client_id: CREATED.id, plesk_client_id: CREATED.plesk_client_id },
      },
    ]);
    expect(JSON.stringify(list)).not.toContain(password);
    expect(await data('--unknown')).toMatchObject([{ number: 2 }]);
    expect(await data('--login', 'client1')).toMatchObject([{ number: 1 }]);
    expect(await data('--limit', '1')).toMatchObject([{ number: 2 }]);
  });

  test('as a table on a terminal and as lines in a pipe', async () => {
    await twoAttempts();
    const { stdout } = await run(['history']);
    const [header, , created = ''] = stdout.split('\n');
    expect(header).toBe('number\ttime\toperation\tfor\tstate\tids');
    expect(created.split('\t').slice(2)).toEqual([
      ...['plesk client create', 'client1', 'created', `${CREATED.id} ${CREATED.plesk_client_id}`],
    ]);
    const table = await run(['history'], { isTTY: true });
    for (const line of table.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(['0', 'x', '-1'])('--limit %s', async (limit) => {
    expect(await run(['history', '--limit', limit])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('an unreadable folder is a sentence', async () => {
    env['OXHOST_CONFIG_DIR'] = '/proc/self/status/oxhost';
    const { exitCode, error } = await run(['history', '--json']);
    expect(exitCode).toBe(1);
    expect(error).toMatchObject({ code: 'config_error', hint: expect.stringContaining('OXHOST_') });
    expect(error?.['message']).toMatch(/^The history in \/proc.* cannot be used \(\w+\)\.$/);
  });
});

describe('one of them', () => {
  test('whole, with what the server said and the kept password', async () => {
    const password = await twoAttempts();
    expect(await data('show', '2')).toMatchObject({
      ...{ number: 2, state: 'unknown', generated_password: password },
      answer: expect.stringContaining('Bad gateway'),
    });
    expect(await data('show', '1')).toMatchObject({ ids: { client_id: CREATED.id } });
    const text = await run(['history', 'show', '2']);
    expect(text.stdout).toContain(`generated_password\t${password}\n`);
  });

  test.each(['3', '0', 'x', '1e0'])('there is no number %s', async (number) => {
    await twoAttempts();
    const { exitCode, error } = await run(['history', 'show', number, '--json']);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'usage', message: `The history has no number ${number}.` });
  });
});

describe('settle', () => {
  test('yes: it is created, by hand, and its password is shown once more', async () => {
    const password = await twoAttempts();
    const settled = await data('settle', '2', '--exists', 'yes');
    expect(settled).toMatchObject({ number: 2, state: 'created', generated_password: password });
    expect(await data()).toMatchObject([
      { number: 2, login: 'client2', state: 'created' },
      { number: 1 },
    ]);
    expect(await data('show', '2')).toMatchObject({ by_hand: true });
    expect(JSON.stringify(await data('show', '2'))).not.toContain(password);
  });

  test('no: it is closed, and the same create warns of nothing', async () => {
    await twoAttempts();
    expect(await data('settle', '2', '--exists', 'no')).toMatchObject({ state: 'closed' });
    expect(await data('--unknown')).toEqual([]);
    await using server = await startServer();
    const again = await run(creating(server, '--login', 'client2', '--generate-password'));
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('is asked for on a terminal', async () => {
    await twoAttempts();
    const stdin = new MemoryInput(undefined, { isTTY: true });
    const running = await startOxhost(['history', 'settle', '2'], { env, isTTY: true, stdin });
    await expect.poll(() => running.stderr.text).toContain('Is client2 there in the panel?');
    stdin.push('\r');
    expect(await running.finished).toMatchObject({ exitCode: 0 });
    expect(await data('--unknown')).toEqual([]);
  });

  test.each([
    [['2'], '--exists is missing'],
    [['2', '--exists', 'maybe'], '--exists must be yes or no'],
    [['1', '--exists', 'yes'], 'Nothing is open of number 1'],
    [['9', '--exists', 'yes'], 'The history has no number 9'],
    [['x', '--exists', 'no'], 'The history has no number x'],
  ])('%j is a usage error and changes nothing', async (args, message) => {
    await twoAttempts();
    const { exitCode, error } = await run(['history', 'settle', ...args, '--json']);
    expect(exitCode).toBe(2);
    expect(error?.['message']).toContain(message);
    expect(await data('--unknown')).toMatchObject([{ number: 2 }]);
  });

  test('a password that would reach nobody stays', async () => {
    const password = await twoAttempts();
    const stdout = Object.assign(new MemoryOutput(), { isDiscarded: true });
    const { exitCode } = await run(['history', 'settle', '2', '--exists', 'yes'], {
      system: { stdout },
    });
    expect(exitCode).toBe(2);
    expect(await data('show', '2')).toMatchObject({ generated_password: password });
  });

  test.each([
    ['--get', ['--get', 'state']],
    ['--fields', ['--json', '--fields', 'number,state']],
  ])('a password that %s leaves out stays', async (name, args) => {
    const password = await twoAttempts();
    const result = await run(['history', 'settle', '2', '--exists', 'yes', ...args]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(`${name} leaves out generated_password`);
    expect(await data('show', '2')).toMatchObject({ generated_password: password });
    const settled = await run([
      ...['history', 'settle', '2', '--exists', 'yes'],
      ...['--get', 'generated_password'],
    ]);
    expect(settled).toMatchObject({ exitCode: 0, stdout: `${password}\n` });
  });
});

test('what is only tried is not noted', async () => {
  const args = ['plesk', 'client', 'create', '--sandbox', '--generate-password'];
  await run([...args, '--name', 'n', '--login', 'client1', '--email', 'a@example.com']);
  await using server = await startServer(resetAfterReading);
  await run(['api', '/API/invoice', '-X', 'POST', '-f', 'a=b', '--api-url', server.url]);
  expect(await data()).toEqual([]);
});
