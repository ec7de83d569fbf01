/** C0, DEL and C1. */
const CONTROL = /\p{Cc}/u;
/** With the u flag this matches only a surrogate that has no partner. */
const LONE_SURROGATE = /\p{Cs}/u;
/** White space that is not a control character too, so that each character is reported once. */
const WHITE_SPACE = /[^\S\p{Cc}]/u;
const EDGE_WHITE_SPACE = /^[^\S\p{Cc}]|[^\S\p{Cc}]$/u;

/** The length in Unicode code points: the unit of every length in this folder. */
export function countCodePoints(value: string): number {
  let count = 0;
  for (const _codePoint of value) count += 1;
  return count;
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
  return WHITE_SPACE.test(value);
}

export function hasEdgeWhiteSpace(value: string): boolean {
  return EDGE_WHITE_SPACE.test(value);
}

/**
 * Whether the first character is neither a letter nor a digit of any script. White space, control
 * characters and lone surrogates do not count: they are reported as what they are.
 */
export function startsWithSymbol(value: string): boolean {
  return /^[^\p{L}\p{Nd}\s\p{Cc}\p{Cs}]/u.test(value);
}
