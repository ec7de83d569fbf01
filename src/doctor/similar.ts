/** More changes make another word of it. */
const MOST_CHANGES = 3;

/** What was probably meant, or null. Pure. */
export function similarWord(word: string, candidates: readonly string[]): string | null {
  const bare = plain(word);
  const ranked = candidates
    .map((candidate) => ({ candidate, changes: changesBetween(bare, plain(candidate)) }))
    .sort((a, b) => a.changes - b.changes);
  const [best] = ranked;
  return best !== undefined && best.changes <= Math.min(MOST_CHANGES, bare.length / 3)
    ? best.candidate
    : null;
}

/** Dashes, underscores and case are what people mistake most. */
function plain(word: string): string {
  return word.toUpperCase().replace(/[_-]/g, '');
}

/** Letters to add, drop or replace (Levenshtein). */
function changesBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      const added = (current[column] ?? 0) + 1;
      const dropped = (above[column + 1] ?? 0) + 1;
      current.push(Math.min(replaced, added, dropped));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
