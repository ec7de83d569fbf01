import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/import/reader/input-error.ts';
import { ArraySplitter } from '../../../src/import/reader/json-array.ts';
import { inspectInput } from '../../../src/import/reader/read.ts';
import { RECORD_MAXIMUM } from '../../../src/import/reader/row.ts';
import { bytesSource, failureOf, readAll, repeated } from './reading.ts';

async function readLines(text: string, used?: readonly string[]) {
  return readAll(bytesSource(text), {
    format: 'ndjson',
    ...(used === undefined ? {} : { used: new Set(used) }),
  });
}

async function readArray(text: string, used?: readonly string[]) {
  return readAll(bytesSource(text), {
    format: 'json',
    ...(used === undefined ? {} : { used: new Set(used) }),
  });
}

describe('NDJSON', () => {
  test('keys of all lines are columns, missing ones are empty', async () => {
    const { shape, items } = await readLines(
      '{"name":"A","login":"a"}\n{"login":"b","company":"B","name":""}\n',
    );
    expect(shape).toEqual({
      format: 'ndjson',
      delimiter: undefined,
      columns: ['name', 'login', 'company'],
    });
    expect(items).toEqual([
      {
        kind: 'row',
        row: 1,
        line: 1,
        cells: ['A', 'a', ''],
        source: '{"name":"A","login":"a"}',
      },
      {
        kind: 'row',
        row: 2,
        line: 2,
        cells: ['', 'b', 'B'],
        source: '{"login":"b","company":"B","name":""}',
      },
    ]);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('blank lines, a byte order mark, %s and no final line end', async (_name, end) => {
    const { rows, faults } = await readLines(
      `\uFEFF{"a":"1"}${end}${end}  \t${end}{"a":"2"}${end}{"a":"3"}`,
    );
    expect(faults).toEqual([]);
    expect(rows.map(({ row, line, cells }) => [row, line, cells[0]])).toEqual([
      [1, 1, '1'],
      [2, 4, '2'],
      [3, 5, '3'],
    ]);
  });

  test.each([
    ['an array', '["a"]', 'is an array, not an object'],
    ['a number', '12', 'is a number, not an object'],
    ['a text', ' "a"', 'is text, not an object'],
    ['true', 'true', 'is a boolean, not an object'],
    ['null', 'null', 'is null, not an object'],
    ['a duplicate key', '{"a":"1","b":"2","a":"1"}', 'has the key "a" twice'],
    ['a duplicate key, escaped', '{"a":"1","\\u0061":"2"}', 'has the key "a" twice'],
    ['a duplicate key with white space', '{ "a" : 1 , "a" : 2 }', 'has the key "a" twice'],
    ['__proto__', '{"a":"1","__proto__":{"x":1}}', 'has a key that has the name "__proto__"'],
    ['an empty key', '{"a":"1","":"2"}', 'has a key that has no name'],
    ['a trailing comma', '{"a":"1",}', 'is not valid JSON: it has a comma before its end'],
    ['two objects', '{"a":"1"}{"a":"2"}', 'is not valid JSON (character 10)'],
    ['cut off', '{"a":"secr', 'is not valid JSON'],
    ['no JSON at all', 'name,login', 'is not valid JSON'],
    ['single quotes', "{'a':'1'}", 'is not valid JSON'],
    ['NaN', '{"a":NaN}', 'is not valid JSON'],
    ['a raw tab', '{"a":"1\t2"}', 'is not valid JSON'],
    ['true in a column in use', '{"a":true}', 'column "a" holds a boolean, not text'],
    ['null in a column in use', '{"a":null}', 'column "a" holds null, not text'],
    ['an object in a column in use', '{"a":{"b":1}}', 'column "a" holds an object, not text'],
    ['an array in a column in use', '{"a":["1"]}', 'column "a" holds an array, not text'],
    ['an escaped NUL', '{"a":"\\u0000"}', 'column "a" holds a NUL character'],
    ['an escaped line break', '{"a":"1\\n2"}', 'column "a" holds a line break'],
    ['half of a surrogate pair', '{"a":"\\ud800"}', 'column "a" holds half of a surrogate pair'],
  ])('%s is a fault of its line', async (_title, line, message) => {
    const { items } = await readLines(`{"a":"first"}\n${line}\n{"a":"last"}\n`);
    expect(items).toMatchObject([
      { kind: 'row', row: 1, line: 1 },
      { kind: 'fault', row: 2, line: 2, message: expect.stringContaining(message), source: line },
      { kind: 'row', row: 3, line: 3, cells: expect.arrayContaining(['last']) },
    ]);
    expect(items[1]).not.toMatchObject({ message: expect.stringContaining('secr') });
  });

  test('nothing is polluted by __proto__', async () => {
    await readLines('{"__proto__":{"polluted":"1"},"a":"1"}\n');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.each([
    [64, 'row'],
    [65, 'fault'],
    [10_000, 'fault'],
  ])('nesting %d deep', async (depth, kind) => {
    const deep = `{"a":"1","b":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    const { items } = await readLines(`${deep}\n{"a":"2"}\n`, ['a']);
    expect(items.map((item) => item.kind)).toEqual([kind, 'row']);
  });

  test('an unclosed nesting of a whole record is a fault too', async () => {
    const { faults, rows } = await readLines(`{"a":${'['.repeat(500_000)}\n{"a":"2"}\n`);
    expect(faults).toMatchObject([{ line: 1 }]);
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['-0', '-0'],
    ['1e3', '1e3'],
    ['0.1000', '0.1000'],
  ])('the number %s keeps its literal text', async (number, text) => {
    for (const line of [`{"a":${number}}`, `{ "a" : ${number} }`, `{"a":${number} ,"b":1}`]) {
      expect((await readLines(line)).rows[0]?.cells[0]).toBe(text);
    }
  });

  test('columns that are not in use may hold anything', async () => {
    const { rows } = await readLines(
      '{"a":"1","b":true,"c":null,"d":{"x":[1,"}"]},"e":"l\\nm","f":[ 1 , 2 ] }\n',
      ['a'],
    );
    expect(rows[0]?.cells).toEqual(['1', 'true', '', '{"x":[1,"}"]}', 'l\nm', '[ 1 , 2 ]']);
  });

  test('a line above the maximum is passed over', async () => {
    const big = 'x'.repeat(RECORD_MAXIMUM);
    const { items } = await readLines(`{"a":"1"}\n{"a":"${big}"}\n{"a":"3"}\n{"a":"${big}`);
    expect(items).toMatchObject([
      { kind: 'row', line: 1 },
      { kind: 'fault', row: 2, line: 2, message: `is larger than ${RECORD_MAXIMUM} characters` },
      { kind: 'row', row: 3, line: 3 },
      { kind: 'fault', row: 4, line: 4 },
    ]);
    expect(items[1]).not.toHaveProperty('source');
  });

  test('too many different keys', async () => {
    const lines = Array.from({ length: 1_001 }, (_, index) => `{"k${index}":"1"}`);
    expect(await failureOf(readLines(lines.join('\n')))).toMatchObject({
      name: 'InputError',
      line: 1_001,
    });
  });

  test.each(['', '\n\n', '\uFEFF \r\n'])('a file of nothing has no rows: %j', async (text) => {
    const { shape, items } = await readLines(text);
    expect(shape.columns).toEqual([]);
    expect(items).toEqual([]);
  });

  test('faults alone are given, though there are no columns', async () => {
    const { shape, items } = await readLines('[1]\nx\n');
    expect(shape.columns).toEqual([]);
    expect(items).toMatchObject([
      { kind: 'fault', line: 1 },
      { kind: 'fault', line: 2 },
    ]);
  });
});

describe('a JSON array', () => {
  test('of objects, on one line or many', async () => {
    const clients = [
      { name: 'A', note: 'x]},"\\' },
      { name: 'B', list: [1, [2, '[']] },
    ];
    for (const text of [
      JSON.stringify(clients),
      JSON.stringify(clients, null, 2),
      `\uFEFF ${JSON.stringify(clients, null, '\t').replaceAll('\n', '\r\n')}\r\n`,
    ]) {
      const { rows, faults } = await readArray(text, ['name']);
      expect(faults).toEqual([]);
      expect(rows.map(({ cells }) => cells[0])).toEqual(['A', 'B']);
    }
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('lines are those at which the records open, %s', async (_name, end) => {
    const text = ['', '[', '{"a":"1"},', '', '  {', '"a":"2"}', ',{"a":"3"}, {"a":"4"}', ']'];
    const { rows } = await readArray(text.join(end));
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [1, 3],
      [2, 5],
      [3, 7],
      [4, 7],
    ]);
  });

  test.each([['[]'], [' [ \n ] '], [''], ['\n']])('%j has no rows', async (text) => {
    const { shape, items } = await readArray(text);
    expect(shape.columns).toEqual([]);
    expect(items).toEqual([]);
  });

  test('records that are no objects, or hold a key twice, are faults', async () => {
    const { items } = await readArray('[{"a":"1"},\n[1],\n7,\n{"a":"2","a":"3"},\n{"a":null}]');
    expect(items).toMatchObject([
      { kind: 'row', line: 1 },
      { kind: 'fault', line: 2, message: 'is an array, not an object' },
      { kind: 'fault', line: 3, message: 'is a number, not an object' },
      { kind: 'fault', line: 4, message: 'has the key "a" twice' },
      { kind: 'fault', line: 5, message: 'column "a" holds null, not text' },
    ]);
  });

  test.each([
    ['an object', '{"clients":[]}', 1, 'begins with no ['],
    ['objects on lines', '\n{"a":"1"}\n{"a":"2"}', 2, 'begins with no ['],
    ['text', 'name,login', 1, 'begins with no ['],
    ['something behind the array', '[{"a":"1"}]\n{}', 2, 'behind the JSON array'],
    ['a second array', '[]\n[]', 2, 'behind the JSON array'],
    ['no end', '[{"a":"1"}\n', 1, 'ends within the record that begins at line 1'],
    ['no end behind a comma', '[{"a":"1"},\n', 2, 'ends before the JSON array does'],
    ['cut within a text', '[\n{"a":"secret', 2, 'ends within the record that begins at line 2'],
    ['a comma too many at the end', '[{"a":"1"},\n]', 2, 'a comma too many'],
    ['a comma too many between', '[{"a":"1"},,\n{"a":"2"}]', 1, 'a comma too many'],
    ['a comma only', '[,]', 1, 'a comma too many'],
    ['a comma missing', '[{"a":"1"}\n{"a":"2"}]', 1, 'the record at line 1 is not valid JSON'],
    ['a brace too many', '[{"a":"1"}},{"a":"2"}]', 1, 'a } too many'],
    ['brackets that do not match', '[\n{"a":[1}}]', 2, 'is not valid JSON'],
    [
      'a text that is not closed',
      '[\n{\n"a":"secret,\n"b":"2"}]',
      3,
      'the text that opens at line 3',
    ],
    ['a trailing comma within', '[{"a":"1",}]', 1, 'a comma before its end'],
    ['words', '[nonsense]', 1, 'not valid JSON'],
  ])('%s is refused with its line', async (_title, text, line, message) => {
    const error = await failureOf(readArray(text));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ line, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain('secret');
  });

  test.each([
    ['text', '[{"a":"', 'x'.repeat(65_536)],
    ['nesting', '[', '['.repeat(65_536)],
    ['a number', '[', '1'.repeat(65_536)],
  ])('a record of endless %s', async (_title, start, piece) => {
    const error = await failureOf(readAll(repeated(start, piece), { format: 'json' }));
    expect(error).toMatchObject({ line: 1, message: expect.stringContaining('larger than') });
  });
});

/** Splits a text that is cut at the offsets. */
function split(text: string, cuts: readonly number[]): string[] {
  const splitter = new ArraySplitter();
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length])];
  places.sort((one, other) => one - other);
  const elements = places.flatMap((place, index) =>
    splitter.take(text.slice(place, places[index + 1] ?? place)),
  );
  splitter.finish();
  return elements.map((element) => element.text);
}

test.each(['json', 'ndjson'] as const)('%s: looking for keys ends on a signal', async (format) => {
  const controller = new AbortController();
  let chunks = 0;
  const source = async function* endless() {
    yield Buffer.from(format === 'json' ? '[{"a":1}' : '{"a":1}');
    for (;;) {
      chunks += 1;
      if (chunks === 3) controller.abort('SIGINT');
      if (chunks > 10) return;
      yield Buffer.from(format === 'json' ? ',{"a":1}'.repeat(100) : '\n{"a":1}'.repeat(100));
    }
  };
  const { signal } = controller;
  expect(await failureOf(inspectInput(source, { format, signal }))).toBe('SIGINT');
  expect(chunks).toBe(3);
});

describe('the splitter', () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 30 });
  const space = fc.constantFrom(undefined, 1, '\t', 3);

  test('gives the elements of any array, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        space,
        cuts,
        (values, indent, places) => {
          const text = JSON.stringify(values, null, indent);
          expect(split(text, places).map((element) => JSON.parse(element))).toEqual(
            JSON.parse(text),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('gives the elements of arrays of awkward strings, cut at every place', () => {
    const awkward = fc.string({
      unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', '\n', 'é', '😀'),
    });
    fc.assert(
      fc.property(fc.array(fc.dictionary(awkward, awkward), { maxLength: 4 }), (values) => {
        const text = JSON.stringify(values);
        const everywhere = Array.from({ length: text.length }, (_, index) => index);
        expect(split(text, everywhere).map((element) => JSON.parse(element))).toEqual(
          JSON.parse(text),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever is written is read back', () => {
  const key = fc
    .string({ minLength: 1, maxLength: 6 })
    .filter((name) => /\S/.test(name) && name !== '__proto__' && !/\p{Cc}/u.test(name));
  const record = fc.dictionary(key, fc.string({ unit: 'grapheme' }), { noNullPrototype: true });
  const cuts = fc.array(fc.nat(900), { maxLength: 20 });

  test.each(['ndjson', 'json'] as const)('%s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(record), cuts, async (records, places) => {
        const text =
          // The first bytes are held back until the encoding is known: cuts tell only behind them.
          ' '.repeat(300) +
          (format === 'json'
            ? JSON.stringify(records, null, 1).replaceAll('\n', '\r\n')
            : records.map((one) => JSON.stringify(one)).join('\r\n'));
        const { shape, rows, items } = await readAll(bytesSource(text, places), { format });
        if (format === 'ndjson') expect(items.map(({ line }) => line)).toEqual(ordinals(records));
        const back = rows.map(({ cells }) =>
          Object.fromEntries(
            shape.columns.flatMap((column, index) =>
              cells[index] === '' ? [] : [[column, cells[index]]],
            ),
          ),
        );
        const filled = records
          .filter((one) => !Object.values(one).some((value) => /\p{Cc}|\p{Cs}/u.test(value)))
          .map((one) =>
            Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '')),
          );
        expect(back).toEqual(filled);
      }),
      { numRuns: 200 },
    );
  });
});

function ordinals(items: readonly unknown[]): number[] {
  return items.map((_, index) => index + 1);
}
