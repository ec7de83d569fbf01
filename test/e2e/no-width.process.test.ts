import { expect, test } from 'vitest';
import { creating, ENV } from '../commands/plesk/client/creating.ts';
import { createdClient, startServer } from '../support/server.ts';
import { openTerminal } from '../support/terminal.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();

/** As `script` without a terminal, some consoles and containers have it. */
test('a terminal that says it has no columns keeps no create waiting', async () => {
  await using server = await startServer(async (...call) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await createdClient(...call);
  });
  const words = [toolRuntime(), launcher, ...creating(server, '--generate-password')];
  const command = `stty cols 0 rows 0; exec ${words.map((word) => `'${word}'`).join(' ')}`;
  await using terminal = openTerminal({ command: '/bin/sh', args: ['-c', command], env: ENV });
  expect(await terminal.exited).toMatchObject({ exitCode: 0 });
  expect(terminal.raw.length).toBeLessThan(20_000);
  expect(server.requests).toHaveLength(1);
});
