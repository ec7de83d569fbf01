import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const PROCESS = 'test/**/*.process.test.ts';
const CRASH = 'test/**/*.crash.test.ts';

/** Nothing may depend on the machine being quick: these only end what hangs. */
const LONGEST_MILLISECONDS = 300_000;

/** The name of a test file says its project; projects run one after another. */
const project = (name: string, groupOrder: number, more: object) => ({
  extends: true as const,
  test: { name, sequence: { groupOrder }, ...more },
});

/** Needs the built tool, which is built once for all of them. */
const TOOL = { globalSetup: 'test/support/tool.ts' };

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    environment: 'node',
    testTimeout: LONGEST_MILLISECONDS,
    hookTimeout: LONGEST_MILLISECONDS,
    expect: { poll: { timeout: LONGEST_MILLISECONDS / 3 } },
    // Every core: much of the time is spent waiting.
    maxWorkers: '100%',
    env: { NODE_EXTRA_CA_CERTS: '' },
    projects: [
      // Tables, and `main()` in this process.
      project('unit', 0, { include: ['test/**/*.test.ts'], exclude: [PROCESS, CRASH] }),
      // Shells, terminals, TLS, proxies, code samples, the packed tool.
      project('process', 1, { include: [PROCESS], ...TOOL }),
      // Kills, full disks, system calls, suspension.
      project('crash', 2, { include: [CRASH], ...TOOL }),
    ],
  },
});
