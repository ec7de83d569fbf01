/** NFC; most texts are ASCII, which is in that form already. */
export function composed(text: string): string {
  return isAscii(text) ? text : text.normalize('NFC');
}

/** What texts that are hard to tell apart have in common. */
export function folded(text: string): string {
  return (isAscii(text) ? text : text.normalize('NFKC')).toLowerCase();
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}
