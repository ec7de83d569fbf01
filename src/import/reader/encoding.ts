import { isUtf8 } from 'node:buffer';
import { join, parse } from 'node:path';
import { fileWord } from '../../output/text.ts';
import { titleOf, unreadable } from './record.ts';

/**
 * The bytes without a byte order mark, once they are proven to be UTF-8.
 * @throws OxhostError with the first line that is not, and how to convert the file.
 */
export function utf8Bytes(bytes: Buffer, operand: string): Buffer {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) {
    throw unreadable(`${title(operand)} is in ${wide}, not in UTF-8.`, conversion(wide, operand));
  }
  if (!isUtf8(bytes)) throw notUtf8(bytes, operand);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark ? bytes.subarray(3) : bytes;
}

function notUtf8(bytes: Buffer, operand: string) {
  const text = bytes.toString('utf8');
  const line = text.slice(0, text.indexOf('\ufffd')).split(/\r\n|\r|\n/).length;
  return unreadable(
    `${title(operand)} is not in UTF-8; it looks like Windows-1252 or Latin-1 (line ${line}).`,
    conversion('WINDOWS-1252', operand),
  );
}

function wideEncoding(bytes: Buffer): 'UTF-32' | 'UTF-16' | undefined {
  const mark = bytes.toString('hex', 0, 4);
  if (mark === 'fffe0000' || mark === '0000feff') return 'UTF-32';
  return mark.startsWith('fffe') || mark.startsWith('feff') ? 'UTF-16' : undefined;
}

function conversion(encoding: string, operand: string): string {
  const isEightBit = encoding === 'WINDOWS-1252';
  if (operand === '-') {
    return `Convert it to UTF-8 before the pipe: iconv -f ${encoding} -t UTF-8`;
  }
  const { dir, name, ext } = parse(operand);
  const other = join(dir, `${name}-utf8${ext}`);
  const excel = 'In Excel, save it as "CSV UTF-8"';
  const which = isEightBit ? ' (WINDOWS-1250 if it is from Central Europe)' : '';
  return `${excel}; or convert it${which}: iconv -f ${encoding} -t UTF-8 ${fileWord(operand)} > ${fileWord(other)}`;
}

function title(operand: string): string {
  const name = titleOf(operand);
  return operand === '-' ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
}

const TEXT_HEAD_BYTES = 4096;
const SAVE_AS_CSV =
  'Open it in Excel or LibreOffice, save it as CSV in UTF-8 ("CSV UTF-8 (Comma delimited)"), and import that.';
const EXPORT_AS_CSV = 'Export the list as CSV, with the names of the columns in the first line.';
const MYSQL = 'Let mysql write a table instead: mysql --batch -e "SELECT …" > clients.tsv';

const UNPACK = 'Unpack it first, and import what was in it.';

const MAGIC: readonly (readonly [hexadecimal: string, kind: string, hint: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx), or another ZIP archive', SAVE_AS_CSV],
  ['d0cf11e0', 'an old Excel workbook (.xls)', SAVE_AS_CSV],
  ['25504446', 'a PDF document', SAVE_AS_CSV],
  ['1f8b', 'packed by gzip', UNPACK],
  ['425a68', 'packed by bzip2', UNPACK],
  ['fd377a58', 'packed by xz', UNPACK],
  ['28b52ffd', 'packed by zstd', UNPACK],
];

const TEXTS: readonly (readonly [sign: RegExp, kind: string, hint: string])[] = [
  [
    /^<\?xml[\s\S]*urn:schemas-microsoft-com:office:spreadsheet/i,
    'a spreadsheet in XML (SpreadsheetML)',
    SAVE_AS_CSV,
  ],
  [/^(?:<\?xml[^>]*>\s*)?<(?:resultset|mysqldump)\b/i, 'the XML of mysql --xml', MYSQL],
  [/^<(?:\?xml|\w+ xmlns)/i, 'XML', EXPORT_AS_CSV],
  [
    /^\s*(?:<(?:br|b|p|div)\b[^>]*>\s*)*(?:PHP )?(?:Fatal error|Warning|Parse error|Notice)\b[\s\S]* on line /i,
    'an error page of the program that exported it',
    EXPORT_AS_CSV,
  ],
  [/^<(?:[\s\S]*<)?table\b/i, 'a table in HTML, whatever its name says', SAVE_AS_CSV],
  [
    /^<(?:!doctype|html|head|body|meta|style|script|title|div|p|h1)\b/i,
    'an HTML page',
    EXPORT_AS_CSV,
  ],
  [/^(?:-- |\/\*!|(?:CREATE|DROP|INSERT INTO) )/, 'a dump in SQL', MYSQL],
];

export function refuseOtherKinds(bytes: Buffer, operand: string): void {
  const start = bytes.toString('hex', 0, 4);
  const name = titleOf(operand);
  const magic = MAGIC.find(([sign]) => start.startsWith(sign));
  if (magic !== undefined) throw unreadable(`${name} is ${magic[1]}, not text.`, magic[2]);
  const head = bytes.toString('utf8', 0, TEXT_HEAD_BYTES).replace(/^\ufeff?\s*/, '');
  const found = TEXTS.find(([sign]) => sign.test(head));
  if (found === undefined) return;
  const [, kind, hint] = found;
  const title = /<title[^>]*>\s*([^<]{1,100})/i.exec(head)?.[1]?.trim();
  throw unreadable(`${name} is ${kind}${title ? ` ("${title}")` : ''}, not a list.`, hint);
}
