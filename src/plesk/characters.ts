/** C0, DEL and C1. */
const CONTROL = /\p{Cc}/u;
/** With the u flag this matches only a surrogate that has no partner. */
const LONE_SURROGATE = /\p{Cs}/u;
/** White space that is not a control character too, so that each character is reported once. */
const WHITE_SPACE = /[^\S\p{Cc}]/u;
const EDGE_WHITE_SPACE = /^[^\S\p{Cc}]|[^\S\p{Cc}]$/u;

/**
 * Whether there is nothing but the characters from space to tilde. Nearly all values are so, an
 * import has millions of them, and a loop knows it sooner than the patterns that need not be tried
 * then.
 */
export function isPrintableAscii(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/** The length in Unicode code points: the unit of every length in this folder. */
export function countCodePoints(value: string): number {
  let count = value.length;
  for (let index = 1; index < value.length; index += 1) {
    if (!isLowSurrogate(value.charCodeAt(index))) continue;
    if (isHighSurrogate(value.charCodeAt(index - 1))) count -= 1;
  }
  return count;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

export function isBlank(value: string): boolean {
  return value.trim() === '';
}

export function hasControlCharacter(value: string): boolean {
  return CONTROL.test(value);
}

export function hasLoneSurrogate(value: string): boolean {
  return LONE_SURROGATE.test(value);
}

/** Tab, line feed and the like are control characters here, not white space. */
export function hasWhiteSpace(value: string): boolean {
  return isPrintableAscii(value) ? value.includes(' ') : WHITE_SPACE.test(value);
}

export function hasEdgeWhiteSpace(value: string): boolean {
  return EDGE_WHITE_SPACE.test(value);
}

/**
 * Whether the first character is neither a letter nor a digit of any script. White space, control
 * characters and lone surrogates do not count: they are reported as what they are.
 */
export function startsWithSymbol(value: string): boolean {
  return !/^[0-9a-z]/i.test(value) && /^[^\p{L}\p{Nd}\s\p{Cc}\p{Cs}]/u.test(value);
}
