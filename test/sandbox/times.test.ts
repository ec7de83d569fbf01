import { describe, expect, test } from 'vitest';
import { decimalString } from '../../src/sandbox/money.ts';
import {
  addMonths,
  compactDate,
  formatWallTime,
  formatWithOffset,
  unixSeconds,
  wallTime,
} from '../../src/sandbox/times.ts';

describe('times', () => {
  test.each([
    ['2025-11-24T18:08:32.500Z', '2025-11-24 19:08:32', '2025-11-24T19:08:32+01:00', '20251124'],
    ['2025-06-12T20:42:09.000Z', '2025-06-12 22:42:09', '2025-06-12T22:42:09+02:00', '20250612'],
    ['2025-12-31T23:00:00.999Z', '2026-01-01 00:00:00', '2026-01-01T00:00:00+01:00', '20260101'],
  ])('%s is %s on a Central European wall', (moment, wall, withOffset, compact) => {
    const time = wallTime(new Date(moment));
    expect(formatWallTime(time)).toBe(wall);
    expect(formatWithOffset(new Date(moment))).toBe(withOffset);
    expect(compactDate(time)).toBe(compact);
  });

  test.each([
    ['2025-03-01T10:00:00Z', 1, '2025-04-01 10:00:00'],
    ['2025-04-01T10:00:00Z', 3, '2025-07-01 10:00:00'],
    ['2025-01-31T08:15:00Z', 1, '2025-02-28 08:15:00'],
    ['2024-01-31T08:15:00Z', 1, '2024-02-29 08:15:00'],
    ['2025-11-30T23:59:59Z', 3, '2026-02-28 23:59:59'],
    ['2025-12-15T00:00:00Z', 12, '2026-12-15 00:00:00'],
  ])('%s and %d months later is %s', (start, months, end) => {
    expect(formatWallTime(addMonths(Date.parse(start), months))).toBe(end);
  });

  test('Unix seconds are whole', () => {
    expect(unixSeconds(new Date(1_764_099_948_999))).toBe(1_764_099_948);
  });
});

describe('money', () => {
  test.each([
    [0, '0.00'],
    [5, '0.05'],
    [50, '0.50'],
    [999, '9.99'],
    [100_00, '100.00'],
    [123_456_78, '123456.78'],
  ])('%d cents are %s', (cents, written) => {
    expect(decimalString(cents)).toBe(written);
  });
});
