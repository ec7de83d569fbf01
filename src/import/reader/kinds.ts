import { fileWord } from '../../output/shell-word.ts';
import { type InputName, titleOf, unreadable } from './record.ts';

const HEAD_BYTES = 4096;
const SAVE_AS_CSV =
  'Open it in Excel or LibreOffice, save it as CSV in UTF-8 ("CSV UTF-8 (Comma delimited)"), and import that.';
const EXPORT_AS_CSV = 'Export the list as CSV, with the names of the columns in the first line.';
const MYSQL = 'Let mysql write a table instead: mysql --batch -e "SELECT …" > clients.tsv';

/** What a file begins with that is no text. */
const MAGIC: readonly (readonly [hexadecimal: string, kind: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx), or another ZIP archive'],
  ['d0cf11e0', 'an old Excel workbook (.xls)'],
  ['25504446', 'a PDF document'],
];
const PACKED: readonly (readonly [hexadecimal: string, tool: string])[] = [
  ['1f8b', 'gzip'],
  ['425a68', 'bzip2'],
  ['fd377a58', 'xz'],
  ['28b52ffd', 'zstd'],
];

/** What the beginning of a text tells, the first that fits. */
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

/** @throws OxhostError for what is surely no list, with what it is and how to get one. */
export function refuseOtherKinds(bytes: Buffer, input: InputName): void {
  const start = bytes.toString('hex', 0, 4);
  const name = titleOf(input);
  const magic = MAGIC.find(([sign]) => start.startsWith(sign));
  if (magic !== undefined) throw unreadable(`${name} is ${magic[1]}, not text.`, SAVE_AS_CSV);
  const packed = PACKED.find(([sign]) => start.startsWith(sign));
  if (packed !== undefined) {
    const [, tool] = packed;
    const file = input.operand === '-' ? '' : ` ${fileWord(input.operand, input.platform)}`;
    throw unreadable(
      `${name} is packed by ${tool}.`,
      `Unpack it first: ${tool} -d ${tool === 'zstd' ? '' : '-k '}${file.trim()}`.trim(),
    );
  }
  const head = bytes.toString('utf8', 0, HEAD_BYTES).replace(/^\ufeff?\s*/, '');
  const found = TEXTS.find(([sign]) => sign.test(head));
  if (found === undefined) return;
  const [, kind, hint] = found;
  const title = /<title[^>]*>\s*([^<]{1,100})/i.exec(head)?.[1]?.trim();
  throw unreadable(`${name} is ${kind}${title ? ` ("${title}")` : ''}, not a list.`, hint);
}
