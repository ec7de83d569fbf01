// A server that answers a create as documented, and runs a command that asks it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const CREATE = [
  ...['plesk', 'client', 'create', '--json', '--name', 'Example Client', '--login', 'client1'],
  ...['--email', 'client1@example.com'],
];

export async function startCreateServer(home = path.join(tmpdir(), 'oxhost-bench-nobody')) {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { password: _, ...fields } = JSON.parse(text);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        success: true,
        message: 'Client created successfully',
        data: { id: '1', plesk_client_id: '1', ...fields },
      }),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    OXHOST_API_KEY: 'bench-key-0123456789',
    OXHOST_API_URL: `http://127.0.0.1:${server.address().port}`,
    OXHOST_CLIENT_PASSWORD: 'k7!Qw_zr8*MpT2xYh9Lu',
  };
  return {
    /** Resolves with what was written to stderr; rejects when it did not end with 0. */
    run(node, args, more = {}) {
      return new Promise((resolve, reject) => {
        const child = spawn(node, args, {
          env: { ...env, ...more },
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let stderr = '';
        child.stderr.on('data', (chunk) => {
          stderr += chunk;
        });
        child.once('error', reject);
        child.once('close', (code) =>
          code === 0
            ? resolve(stderr)
            : reject(new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)),
        );
      });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
