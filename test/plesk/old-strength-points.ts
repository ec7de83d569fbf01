/**
 * The point system of Plesk before 18.0.45, written from its published table. It stands here only
 * to judge generated passwords; 35 points are Strong, 45 Very strong.
 */
export function oldStrengthPoints(password: string): number {
  const count = (pattern: RegExp) => password.match(pattern)?.length ?? 0;
  const lower = count(/[a-z]/g);
  const upper = count(/[A-Z]/g);
  const digits = count(/[0-9]/g);
  const specials = count(/[!@#$%^&*?_~]/g);
  const points: [boolean, number][] = [
    [lower > 0, 1],
    [upper > 0, 5],
    [digits > 0, 5],
    [digits >= 3, 5],
    [specials > 0, 5],
    [specials >= 2, 5],
    [lower > 0 && upper > 0, 2],
    [lower + upper > 0 && digits > 0, 2],
    [lower + upper > 0 && digits > 0 && specials > 0, 2],
  ];
  return points.reduce(
    (sum, [applies, value]) => sum + (applies ? value : 0),
    pointsOfLength(password.length),
  );
}

function pointsOfLength(length: number): number {
  if (length <= 4) return 3;
  if (length <= 7) return 6;
  return length <= 15 ? 12 : 18;
}
