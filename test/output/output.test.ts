import { describe, expect, test } from 'vitest';
import { OxhostError, toReport } from '../../src/errors.ts';
import { createRedactor } from '../../src/output/masking.ts';
import { Output, type OutputOptions } from '../../src/output/output.ts';
import { MemoryOutput } from '../support/memory-streams.ts';

interface Look extends Partial<OutputOptions['settings']> {
  isTTY?: boolean;
  columns?: number;
  platform?: NodeJS.Platform;
  secret?: string;
}

function outputWith({ isTTY = false, columns = 80, platform = 'linux', secret, ...rest }: Look) {
  const stdout = new MemoryOutput({ isTTY, columns });
  const stderr = new MemoryOutput({ isTTY, columns });
  const settings = {
    json: false,
    fields: null,
    get: null,
    quiet: false,
    debug: false,
    color: 'never',
  } as const;
  const redactor = createRedactor();
  if (secret !== undefined) redactor.add(secret);
  const system = { stdout, stderr, env: {}, platform };
  return {
    stdout,
    stderr,
    output: new Output({ system, settings: { ...settings, ...rest }, redactor }),
  };
}

describe('messages', () => {
  const TEXT = 'one two three four five';
  const error = toReport(
    new OxhostError('usage', TEXT, { hint: TEXT, fields: [{ name: 'name', message: TEXT }] }),
  );
  function written(look: Look): string {
    const { output, stderr } = outputWith({ columns: 26, ...look });
    output.note('code', TEXT);
    output.warning('code', TEXT);
    output.success('Done');
    output.error(error);
    output.summary({}, TEXT);
    output.lines([`  oxhost ${TEXT}`]);
    return stderr.text;
  }

  test('are folded below their own margin on a terminal, commands never', () => {
    expect(written({ isTTY: true })).toBe(
      [
        'note: one two three four\n      five',
        'warning: one two three\n         four five',
        '✔ Done',
        'error: one two three four\n       five',
        '  --name: one two three\n          four five',
        'hint: one two three four\n      five',
        'one two three four five',
        '  oxhost one two three four five\n',
      ].join('\n'),
    );
  });

  test('have colours where they are wanted', () => {
    const text = written({ isTTY: true, color: 'always' });
    expect(text).toContain('\u001b[2mnote:\u001b[22m one two');
    expect(text).toContain('\u001b[32m✔\u001b[39m Done');
    expect(text).toContain('\u001b[33mhint:\u001b[39m');
  });

  test.each<[string, Look, number]>([
    ['in a pipe: as they are, without check mark', {}, 7],
    ['as JSON: an object each', { isTTY: true, json: true }, 4],
    ['quiet: no notes', { quiet: true }, 6],
  ])('%s', (_where, look, lines) => {
    const all = written(look).trimEnd().split('\n');
    expect(all).toHaveLength(lines);
    if (look.json) for (const line of all) expect(Object.keys(JSON.parse(line))).toHaveLength(1);
  });

  test('a long line of the trace is masked and then cut; a warning is looked through', () => {
    const secret = 'Canary7Vogel29Zwitscher31Nest';
    for (let filler = 2_010; filler < 2_050; filler += 1) {
      const { output, stderr } = outputWith({ debug: true, secret });
      output.debug(`${'x'.repeat(filler)}${secret}${'y'.repeat(3_000)}`);
      expect(stderr.text).not.toContain('Cana');
      expect(Buffer.byteLength(stderr.text)).toBeLessThan(2_070);
    }
    const { output, stderr } = outputWith({});
    output.warning('code', 'The answer also has "error": "bad password=Made-1abc".');
    expect(stderr.text).toContain('"bad password=********"');
  });

  test('are masked, also in JSON and where JSON escapes them', () => {
    for (const json of [false, true]) {
      const { output, stderr } = outputWith({ json, debug: true, secret: 'a"b\\c d/e' });
      output.note('code', 'is a"b\\c d/e now');
      output.debug('{"x":"a\\"b\\\\c d/e"}');
      expect(stderr.text).not.toMatch(/a.{1,4}b.{1,8}c d/);
      expect(stderr.text).toContain('is ******** now');
    }
  });
});

describe('a result', () => {
  const record = { id: '1', order: { name: 'Größe', state: 'x' }, note: 'a\tb\u001b[31m' };

  test.each<[string, Look, string]>([
    ['in a pipe', {}, 'id\t1\norder.name\tGröße\norder.state\tx\nnote\ta b\n'],
    [
      'on a terminal',
      { isTTY: true },
      'id           1\norder.name   Größe\norder.state  x\nnote         a b\n',
    ],
    [
      'as JSON',
      { json: true, fields: ['order', 'id'] },
      '{"order":{"name":"Größe","state":"x"},"id":"1"}\n',
    ],
    [
      'as JSON on Windows',
      { json: true, fields: ['order'], platform: 'win32' },
      '{"order":{"name":"Gr\\u00f6\\u00dfe","state":"x"}}\n',
    ],
    [
      'as JSON on a terminal',
      { json: true, fields: ['id'], isTTY: true, platform: 'win32' },
      '{\n  "id": "1"\n}\n',
    ],
  ])('%s', async (_where, look, text) => {
    const { output, stdout } = outputWith(look);
    await output.record(record);
    expect(stdout.text).toBe(text);
  });

  const rows = [
    { name: 'one', current: false, state: 'created' },
    { name: 'two', current: true, state: 'unknown' },
  ];
  const columns = ['name', 'current', 'state'];
  test.each<[string, Look, string]>([
    ['in a pipe', {}, 'name\tcurrent\tstate\none\tfalse\tcreated\ntwo\ttrue\tunknown\n'],
    ['on a terminal', { isTTY: true }, '   name  state\n   one   created\n*  two   unknown\n'],
    [
      'in colour',
      { isTTY: true, color: 'always' },
      '\u001b[1m   name  state\u001b[22m\n   one   \u001b[32mcreated\u001b[39m\n*  two   \u001b[33munknown\u001b[39m\n',
    ],
  ])('a list %s', async (_where, look, text) => {
    const { output, stdout } = outputWith(look);
    await output.list(columns, rows);
    expect(stdout.text).toBe(text);
  });

  test('JSON lines stay lines on a terminal', async () => {
    const { output, stdout } = outputWith({ json: true, isTTY: true });
    await output.jsonLines([{ a: 1 }, { a: 2 }]);
    expect(stdout.text).toBe('{"a":1}\n{"a":2}\n');
  });

  test.each([
    ['ENOSPC', false],
    ['EPIPE', true],
  ])('that cannot be written is an error in a sentence: %s', async (code, isBrokenPipe) => {
    const { output, stdout } = outputWith({});
    stdout._write = (_chunk, _encoding, callback) =>
      callback(Object.assign(new Error('x'), { code }));
    await expect(output.record(record)).rejects.toMatchObject({
      message: `The result could not be written to standard output (${code}).`,
      details: { isBrokenPipe },
    });
  });

  test('that nobody gets is known', () => {
    const { output, stdout } = outputWith({});
    expect(output.reachesNobody).toBe(false);
    Object.assign(stdout, { isDiscarded: true });
    expect(output.reachesNobody).toBe(true);
  });
});
