import { InputError } from './input-error.ts';

/** By what a file begins with that is surely no list in text. */
const MAGIC: readonly (readonly [hexadecimal: string, kind: string])[] = [
  ['504b0304', 'an Excel workbook (.xlsx) or another ZIP archive'],
  ['d0cf11e0', 'an old Excel workbook (.xls) or another Office document'],
  ['1f8b', 'a file packed by gzip'],
];
const PAGE = /^(?:\ufeff)?\s*<(?:!doctype\s+html|html)\b/i;

/** @throws InputError that says what the file looks like, and what to import instead. */
export function refuseOtherKinds(head: Buffer): void {
  const start = head.toString('hex', 0, 4);
  const magic = MAGIC.find(([bytes]) => start.startsWith(bytes));
  const kind = magic?.[1] ?? (PAGE.test(head.toString('utf8')) ? 'an HTML page' : undefined);
  if (kind === undefined) return;
  throw new InputError(`the file looks like ${kind}; export the list as CSV in UTF-8`, {
    line: 1,
    offset: 0,
  });
}
