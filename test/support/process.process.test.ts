import { expect, test } from 'vitest';
import { commandLineOf, runProcess, startProcess } from './process.ts';

const node = process.execPath;

test('gives exit code, both streams and the input', async () => {
  const script = `process.stdin.on('data', d => process.stdout.write('got ' + d)).on('end', () => { console.error('é'); process.exitCode = 3 })`;
  expect(await runProcess(node, ['-e', script], { input: 'text' })).toEqual({
    exitCode: 3,
    signal: null,
    stdout: 'got text',
    stderr: 'é\n',
  });
});

test('passes PATH and HOME and what is given, nothing else', async () => {
  process.env['OXHOST_API_KEY'] = 'of this machine';
  try {
    const script = 'console.log(JSON.stringify(Object.keys(process.env).sort()))';
    const { stdout } = await runProcess(node, ['-e', script], { env: { GIVEN: '1' } });
    expect(JSON.parse(stdout)).toEqual(['GIVEN', 'HOME', 'PATH']);
    const bare = await runProcess(node, ['-e', script], { env: { HOME: undefined } });
    expect(JSON.parse(bare.stdout)).toEqual(['PATH']);
  } finally {
    delete process.env['OXHOST_API_KEY'];
  }
});

test('names the signal that ended it', async () => {
  const script = `process.kill(process.pid, 'SIGKILL')`;
  expect(await runProcess(node, ['-e', script])).toMatchObject({
    exitCode: null,
    signal: 'SIGKILL',
  });
});

test('kills and reports what runs too long, also when a grandchild keeps the pipes open', async () => {
  const begun = performance.now();
  const script = 'echo begun; sleep 8 & wait';
  await expect(runProcess('sh', ['-c', script], { timeoutSeconds: 0.3 })).rejects.toThrow(
    /still runs after 0.3 s\n--- stdout\nbegun/,
  );
  expect(performance.now() - begun).toBeLessThan(4000);
});

test('rejects for a program that is not there', async () => {
  await expect(runProcess('/nonexistent/program', [])).rejects.toThrow('ENOENT');
});

test('a program that reads no input does not fail the run', async () => {
  const result = await runProcess('true', [], { input: 'x'.repeat(1_000_000) });
  expect(result.exitCode).toBe(0);
});

test('a started process can be fed, watched and signalled', async () => {
  const script = `process.on('SIGTERM', () => { console.error('asked to stop'); process.exit(5) });
    process.stdin.on('data', d => console.error('read ' + d)); console.error('ready')`;
  await using running = startProcess(node, ['-e', script, 'secret-argument']);
  await running.waitForStderr('ready');
  expect(await commandLineOf(running.pid)).toEqual([node, '-e', script, 'secret-argument']);
  running.writeInput('one');
  await running.waitForStderr(/read one/g);
  expect(running.stdout).toBe('');
  running.kill('SIGTERM');
  expect(await running.exited).toMatchObject({
    exitCode: 5,
    stderr: 'ready\nread one\nasked to stop\n',
  });
});

test('waiting fails with what was written, after the time or at the end', async () => {
  await using running = startProcess('sh', ['-c', 'echo something >&2; exec cat']);
  await expect(running.waitForStderr('else', 0.3)).rejects.toThrow(/0.3 s are over.*something/s);
  const waiting = running.waitForStdout('never');
  running.endInput();
  await expect(waiting).rejects.toThrow('the process has ended');
});

test('disposing ends the process', async () => {
  let pid: number;
  {
    await using running = startProcess(node, ['-e', 'setInterval(() => {}, 1000)']);
    pid = running.pid;
    process.kill(pid, 0);
  }
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
