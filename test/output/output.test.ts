import { expect, test } from 'vitest';
import { OxhostError, toReport } from '../../src/errors.ts';
import { Output } from '../../src/output/output.ts';
import { createRedactor } from '../../src/output/redact.ts';
import { MemoryOutput } from '../support/memory-streams.ts';

const http = { status: 422, request_id: null, retry_after: null, body: null };

test.each([
  ['the words of an answer are looked through for secrets', { http }, '--map password=********'],
  ['our own and the user’s are not', {}, '--map password=Kennwort'],
])('%s', (_what, details, words) => {
  for (const json of [true, false]) {
    const stderr = new MemoryOutput();
    const settings = { json, fields: null, quiet: false, debug: false, color: 'never' } as const;
    const system = { stdout: new MemoryOutput(), stderr, env: {} };
    const output = new Output({ system, settings, redactor: createRedactor() });
    output.error(toReport(new OxhostError('rejected', 'Bad: --map password=Kennwort', details)));
    expect(stderr.text).toContain(`Bad: ${words}`);
  }
});
