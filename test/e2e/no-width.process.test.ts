import { afterAll, beforeAll, expect, test } from 'vitest';
import { creating, ENV } from '../commands/plesk/client/creating.ts';
import { createdClient, startServer } from '../support/server.ts';
import { openTerminal } from '../support/terminal.ts';
import { type BuiltTool, buildTool } from './built-tool.ts';

let tool: BuiltTool;
beforeAll(async () => {
  tool = await buildTool();
});
afterAll(() => tool?.close());

/** As `script` without a terminal, some consoles and containers have it. */
test('a terminal that says it has no columns keeps no create waiting', async () => {
  await using server = await startServer(async (...call) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await createdClient(...call);
  });
  const words = [process.execPath, tool.launcher, ...creating(server, '--generate-password')];
  const command = `stty cols 0 rows 0; exec ${words.map((word) => `'${word}'`).join(' ')}`;
  await using terminal = openTerminal({ command: '/bin/sh', args: ['-c', command], env: ENV });
  expect(await terminal.exited).toMatchObject({ exitCode: 0 });
  expect(terminal.raw.length).toBeLessThan(20_000);
  expect(server.requests).toHaveLength(1);
});
