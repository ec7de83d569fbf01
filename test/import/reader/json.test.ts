import { describe, expect, test } from 'vitest';
import { readAll, refusalOf } from './reading.ts';

const lines = (text: string) => readAll(text, { format: 'ndjson' });
const array = (text: string) => readAll(text, { format: 'json' });

describe('NDJSON', () => {
  test('keys of all lines are columns, missing ones are empty', () => {
    const found = lines('{"name":"A","login":"a"}\n{"login":"b","company":"B","name":""}\n');
    expect(found.columns).toEqual(['name', 'login', 'company']);
    expect(found.lines).toEqual(['1@1 A|a|', '2@2 |b|B']);
  });

  test.each(['\n', '\r\n', '\r'])('blank lines, a mark, %j and no final line end', (end) => {
    const text = `\uFEFF{"a":"1"}${end}${end}  \t${end}{"a":"2"}${end}{"a":"3"}`;
    expect(lines(text).lines).toEqual(['1@1 1', '2@4 2', '3@5 3']);
  });

  test.each([
    ['an array', '["a"]', 'is not an object'],
    ['a number', '12', 'is not an object'],
    ['a text', ' "a"', 'is not an object'],
    ['true', 'true', 'is not an object'],
    ['null', 'null', 'is not an object'],
    ['a duplicate key', '{"a":"1","b":"2","a":"3"}', 'has the key "a" twice'],
    ['a duplicate key, escaped', '{"a":"1","\\u0061":"2"}', 'has the key "a" twice'],
    ['a trailing comma', '{"a":"1",}', 'is not valid JSON'],
    ['two objects', '{"a":"1"}{"a":"2"}', 'is not valid JSON'],
    ['cut off', '{"a":"secr', 'is not valid JSON'],
    ['no JSON at all', 'name,login', 'is not valid JSON'],
    ['single quotes', "{'a':'1'}", 'is not valid JSON'],
    ['NaN', '{"a":NaN}', 'is not valid JSON'],
    ['a raw tab', '{"a":"1\t2"}', 'is not valid JSON'],
    ['deep nesting', `{"a":${'['.repeat(100_000)}`, 'is nested too deeply'],
  ])('%s is a fault of its line', (_title, line, problem) => {
    const found = lines(`{"a":"first"}\n${line}\n{"a":"last"}\n`);
    expect(found.lines[1]).toBe(`2@2 ! ${problem}`);
    expect(found.lines[2]).toMatch(/^3@3 last/);
  });

  test.each([
    ['null', 'null'],
    ['true', '(a boolean)'],
    ['{"b":1}', '(an object)'],
    ['["1"]', '(an array)'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['-0', '-0'],
    ['1e3', '1e3'],
    ['"\\u0041\\n"', 'A\n'],
  ])('the value %s', (value, cell) => {
    expect(lines(`{"a":${value},"b":"x"}`).lines).toEqual([`1@1 ${cell}|x`]);
  });

  test('nothing is polluted by __proto__, toString or constructor', () => {
    const found = lines('{"__proto__":{"polluted":"1"},"a":"1"}\n{"toString":"x"}\n{"b":"2"}\n');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(found.lines.at(-1)).toBe('3@3 |||2');
  });

  test.each(['', '\n\n', '\uFEFF \r\n'])('a file of nothing has no rows: %j', (text) => {
    expect(lines(text)).toMatchObject({ columns: [], items: [] });
  });
});

describe('a JSON array', () => {
  test('of objects, on one line or many', () => {
    const clients = [
      { name: 'A', note: 'x]},"\\' },
      { name: 'B', list: [1, [2, '[']] },
    ];
    for (const text of [
      JSON.stringify(clients),
      JSON.stringify(clients, null, 2),
      `\uFEFF ${JSON.stringify(clients, null, '\t').replaceAll('\n', '\r\n')}\r\n`,
    ]) {
      expect(array(text).items.map((item) => 'cells' in item && item.cells[0])).toEqual(['A', 'B']);
    }
  });

  test.each(['\n', '\r\n', '\r'])('lines are those at which the records open, %j', (end) => {
    const text = ['', '[', '{"a":"1"},', '', '  {', '"a":"2"}', ',{"a":"3"}, {"a":"4"}', ']'];
    expect(array(text.join(end)).lines).toEqual(['1@3 1', '2@5 2', '3@7 3', '4@7 4']);
  });

  test.each(['[]', ' [ \n ] ', '', '\n'])('%j has no rows', (text) => {
    expect(array(text)).toMatchObject({ columns: [], items: [] });
  });

  test('records that are no objects, or hold a key twice, are faults', () => {
    expect(array('[{"a":"1"},\n[1],\n7,\n{"a":"2","a":"3"}]').lines).toEqual([
      '1@1 1',
      '2@2 ! is not an object',
      '3@3 ! is not an object',
      '4@4 ! has the key "a" twice',
    ]);
  });

  test.each([
    ['an object', '{"clients":[]}', 'begins with no ['],
    ['text', 'name,login', 'begins with no ['],
    ['something behind the array', '[{"a":"1"}]\n{}', 'something behind the JSON array'],
    ['a second array', '[]\n[]', 'something behind the JSON array'],
    ['no end', '[{"a":"1"}\n', 'ends within the record that begins at line 1'],
    ['no end behind a comma', '[{"a":"1"},\n', 'ends before its JSON array does'],
    ['cut within a text', '[\n{"a":"secret', 'opens at line 2 is not closed'],
    ['a comma too many at the end', '[{"a":"1"},\n]', 'a comma too many'],
    ['a comma too many between', '[{"a":"1"},,\n{"a":"2"}]', 'a comma too many'],
    ['a comma missing', '[{"a":"1"}\n{"a":"2"}]', 'The record at line 1 is not valid JSON'],
    ['a brace too many', '[{"a":"1"}},{"a":"2"}]', 'a } too many at line 1'],
    ['brackets that do not match', '[\n{"a":[1}}]', 'record at line 2 is not valid JSON'],
    ['a text that is not closed', '[\n{\n"a":"secret,\n"b":"2"}]', 'opens at line 3 is not closed'],
    ['a trailing comma within', '[{"a":"1",}]', 'is not valid JSON'],
    ['words', '[nonsense]', 'is not valid JSON'],
  ])('%s is refused', (_title, text, message) => {
    const refusal = refusalOf(() => array(text));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('secret');
  });
});

describe("phpMyAdmin's JSON", () => {
  const header = '[\n{"type":"header","version":"5.2.1","comment":"Export to JSON"},\n';
  const table = (name: string, rows: string) =>
    `{"type":"table","name":"${name}","database":"shop","data":\n[\n${rows}\n]\n}`;

  test('its rows are read at their lines', () => {
    const rows = '{"id":"1","login":"a"},\n{"id":"2","login":null}';
    const text = `${header}{"type":"database","name":"shop"},\n${table('clients', rows)}\n]\n`;
    const found = readAll(text);
    expect(found.columns).toEqual(['id', 'login']);
    expect(found.lines).toEqual(['1@6 1|a', '2@7 2|null']);
  });

  test('more than one table is named, and so is none', () => {
    const both = `${header}${table('clients', '{"a":"1"}')},\n${table('orders', '{"b":"1"}')}\n]`;
    expect(refusalOf(() => readAll(both))).toContain('"clients", "orders"');
    expect(refusalOf(() => readAll(`${header}{"type":"database"}]`))).toContain('no table');
  });
});
