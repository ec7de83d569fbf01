import { describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();

const harmless = [['--version'], ['-V'], ['--help'], ['help', 'json'], ['commands', '--json']];

describe.skipIf(process.platform === 'win32')('a shell that spoils stdout (a POSIX shell)', () => {
  const run = (script: string, args: readonly string[]) =>
    runProcess('sh', ['-c', script, 'sh', toolRuntime(), launcher, ...args]);

  test.each(harmless)('a full device is an error: %s %s', async (...args) => {
    const { exitCode, stderr } = await run('"$@" >/dev/full', args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('could not be written to standard output (ENOSPC)');
  });

  test.each(harmless)('a reader that has had enough is none: %s %s', async (...args) => {
    const { stderr } = await run('{ sleep 0.5; "$@"; echo "[$?]" >&2; } | true', args);
    expect(stderr).toBe('[0]\n');
    const { stdout, stderr: none } = await run('"$@" | head -n 1', args);
    expect([stdout.split('\n').length, none]).toEqual([2, '']);
  });
});
