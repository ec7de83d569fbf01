import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { OxhostError } from '../../../src/errors.ts';
import { MOST_BYTES, readBytes } from '../../../src/import/reader/bytes.ts';
import type { System } from '../../../src/system.ts';
import { folderForEachTest } from '../../support/folder-for-each-test.ts';
import { asOrdinaryUser } from '../../support/ordinary-user.ts';
import { readAll, refusalOf } from './reading.ts';

const folder = folderForEachTest();
const isWindows = process.platform === 'win32';

async function bytesOf(operand: string, stdin = Readable.from([]), signal?: AbortSignal) {
  const system = { stdin: stdin as unknown as System['stdin'] } as System;
  try {
    return await readBytes({ system, signal: signal ?? new AbortController().signal }, operand);
  } catch (error) {
    const { message, details } = error as OxhostError;
    return `${message} ${details.hint ?? ''}`;
  }
}

describe('the format', () => {
  const csv = 'name,login\nA,a\n';
  const tsv = 'name\tlogin\nA\ta\n';
  const ndjson = '{"name":"A","login":"a"}\n';
  const json = '[{"name":"A","login":"a"}]';

  test.each([
    ['clients.csv', csv, 'csv'],
    ['clients.CSV', csv, 'csv'],
    ['clients.csv', tsv, 'csv'],
    ['clients.tsv', tsv, 'tsv'],
    ['clients.ndjson', ndjson, 'ndjson'],
    ['clients.jsonl', ndjson, 'ndjson'],
    ['clients.json', ndjson, 'ndjson'],
    ['clients.json', json, 'json'],
    ['clients.ndjson', json, 'json'],
    ['clients', csv, 'csv'],
    ['clients.txt', tsv, 'csv'],
    ['clients.csv.bak', ndjson, 'ndjson'],
    ['clients', `\uFEFF\r\n ${ndjson}`, 'ndjson'],
    ['-', ` \n${json}`, 'json'],
  ])('of %s is found', (operand, content, format) => {
    const found = readAll(content, { operand });
    expect(found.format).toBe(format);
    expect(found.columns).toEqual(['name', 'login']);
    expect(found.items).toHaveLength(1);
  });

  test('that is given stands above the ending', () => {
    expect(readAll(ndjson, { operand: 'clients.csv', format: 'ndjson' }).items).toHaveLength(1);
  });
});

describe('what is no file of text', () => {
  const html = '<!DOCTYPE html>\n<html><head><title>Session expired</title></head></html>';
  test.each<[string, string | Buffer, string]>([
    ['xlsx', 'PK\x03\x04\x14\0\x06\0', 'clients is an Excel workbook .*"CSV UTF-8'],
    ['xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old Excel workbook.*"CSV UTF-8'],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'is packed by gzip, not text. Unpack it first'],
    ['a PDF', '%PDF-1.7', 'a PDF document'],
    ['a page', html, 'an HTML page \\("Session expired"\\), not a list. Export the list as CSV'],
    ['a page, oddly written', '\uFEFF\r\n <!doctype  HTML PUBLIC>', 'an HTML page'],
    ['a table named .xls', '<meta><table><tr><td>', 'a table in HTML.*"CSV UTF-8'],
    ['a bare table', '<table>\n<tr>', 'a table in HTML'],
    [
      'SpreadsheetML',
      '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'a spreadsheet in XML.*"CSV UTF-8',
    ],
    ['mysql --xml', '<?xml version="1.0"?>\n\n<resultset statement="s">', 'mysql --xml.*--batch'],
    ['other XML', '<?xml version="1.0"?><pma_xml_export>', 'is XML, not a list'],
    ['a dump', '-- MySQL dump 10.13\n', 'a dump in SQL.*--batch'],
    [
      'an error of PHP',
      '<br />\n<b>Fatal error</b>:  Allowed memory size in <b>/a.php</b> on line <b>9</b>',
      'an error page of the program that exported it',
    ],
  ])('%s', (_title, content, expected) => {
    for (const more of ['', 'x'.repeat(1_000)]) {
      const bytes = Buffer.concat([Buffer.from(content), Buffer.from(more)]);
      expect(refusalOf(() => readAll(bytes))).toMatch(new RegExp(`^invalid_input: .*${expected}`));
    }
  });

  test.each(['PK,login\n', '<htmlname>,b\n', 'a,<html>\n', '"-- x",b\n', 'Warning,b\n'])(
    '%j is a header',
    (text) => {
      expect(readAll(text).columns).toHaveLength(2);
    },
  );
});

describe('what is not UTF-8', () => {
  test.each<[string, number[]]>([
    ['Latin-1', [0xfc, 0x6e]],
    ['Windows-1252', [0x93, 0x61]],
    ['at the very end', [0xe9]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character, then ASCII', [0xe2, 0x82, 0x41]],
  ])('is refused with its line: %s', (_title, bad) => {
    for (const start of ['', 'é€😀\r\n\r\n', `\uFEFF${'name,login\r\n'.repeat(100)}`]) {
      const bytes = Buffer.concat([Buffer.from(start), Buffer.from(bad)]);
      const line = start.split('\r\n').length;
      expect(refusalOf(() => readAll(bytes))).toContain(
        `clients is not in UTF-8; it looks like Windows-1252 or Latin-1 (line ${line}).`,
      );
    }
  });

  test.each([
    ['UTF-16', '\uFEFFname,login\nA,a\n', false],
    ['UTF-16', '\uFEFFname,login\nA,a\n', true],
  ])('is named as %s', (encoding, text, isBig) => {
    const bytes = Buffer.from(text, 'utf16le');
    const refusal = refusalOf(() => readAll(isBig ? bytes.swap16() : bytes));
    expect(refusal).toMatch(new RegExp(`clients is in ${encoding}, not in UTF-8`));
    expect(refusal).toContain(`iconv -f ${encoding} -t UTF-8 clients > clients-utf8`);
  });

  test('is named as UTF-32', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]);
    expect(refusalOf(() => readAll(bytes))).toContain('is in UTF-32');
  });

  test('is not what a NUL or two make of it', () => {
    expect(readAll('a,b\n\0,c\n').items).toHaveLength(1);
  });

  const latin1 = Buffer.from('a,b\nM\u00fcl,x', 'latin1');
  test.each([
    ['clients.csv', 'WINDOWS-1252 -t UTF-8 clients.csv > clients-utf8.csv'],
    ['-dash.csv', 'WINDOWS-1252 -t UTF-8 ./-dash.csv > ./-dash-utf8.csv'],
    ["it's mine", "UTF-8 'it'\\''s mine' > 'it'\\''s mine-utf8'"],
    ['-', 'before the pipe: iconv -f WINDOWS-1252 -t UTF-8'],
  ])('and called %s comes with a ready command', (operand, command) => {
    const refusal = refusalOf(() => readAll(latin1, { operand }));
    expect(refusal).toContain(command);
    if (operand !== '-') expect(refusal).toContain('In Excel, save it as "CSV UTF-8"');
  });
});

describe('what cannot be read', () => {
  test('a folder, and a file that is not there', async () => {
    await mkdir(folder.join('clients.csv'));
    expect(await bytesOf(folder.join('clients.csv'))).toContain('is a folder, not a regular file');
    expect(await bytesOf(folder.join('none.csv'))).toContain('it does not exist');
  });

  test.skipIf(isWindows)('a pipe and devices, at once (POSIX only)', async () => {
    execFileSync('mkfifo', [folder.join('pipe')]);
    expect(await bytesOf(folder.join('pipe'))).toMatch(
      /is a pipe or device, .* import - --journal/,
    );
    for (const path of ['/dev/zero', '/dev/null']) {
      expect(await bytesOf(path)).toContain('is a pipe or device');
    }
  });

  test.skipIf(isWindows)('a file of somebody else (POSIX only)', async () => {
    await writeFile(folder.join('clients.csv'), 'a,b\n', { mode: 0o000 });
    const said = await asOrdinaryUser(folder.path, () => bytesOf(folder.join('clients.csv')));
    expect(said).toContain('is closed to this one (EACCES)');
  });

  const tooLarge = /is larger than 100 MiB, .* parts .* with the same --journal <folder>/;
  test('a file above the limit, and one of it', async () => {
    await writeFile(folder.join('clients.csv'), '');
    await truncate(folder.join('clients.csv'), MOST_BYTES + 1);
    expect(await bytesOf(folder.join('clients.csv'))).toMatch(tooLarge);
    await truncate(folder.join('clients.csv'), MOST_BYTES);
    expect(await bytesOf(folder.join('clients.csv'))).toHaveLength(MOST_BYTES);
  });

  test('standard input without end', async () => {
    const piece = Buffer.alloc(2 ** 20);
    const endless = Readable.from(
      (function* () {
        for (;;) yield piece;
      })(),
    );
    expect(await bytesOf('-', endless)).toMatch(tooLarge);
  });

  test('standard input that nobody writes to, once Ctrl-C is pressed', async () => {
    const stop = new AbortController();
    const silent = new Readable({ read() {} });
    const reading = bytesOf('-', silent, stop.signal);
    stop.abort('SIGINT');
    expect(await reading).toContain('Stopped before anything was sent.');
  });
});
