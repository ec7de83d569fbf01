/** Amounts are counted in whole cents, so that no rounding error can creep in. */
export type Cents = number;

/** The one currency of the API reference. */
export const currency = 'EUR';

/** Cents as the API writes money: a decimal string such as `9.99`. */
export function decimalString(cents: Cents): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * A time as a clock on the wall shows it, without zone: the milliseconds that the shown year,
 * month, day and time of day would have in UTC.
 */
export type WallTime = number;

/** What a Central European clock shows at this moment, to the second. */
export function wallTime(moment: Date): WallTime {
  // Swedish writes a date as ISO 8601 does.
  const shown = moment.toLocaleString('sv-SE', { timeZone: 'Europe/Ljubljana' });
  return Date.parse(`${shown.replace(' ', 'T')}Z`);
}

/** `YYYY-MM-DD HH:MM:SS`, the form of the API reference. */
export function formatWallTime(time: WallTime): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** ISO 8601 with the offset of Central European time, the form of `checked_at`. */
export function formatWithOffset(moment: Date): string {
  const shown = wallTime(moment);
  const hours = Math.round((shown - moment.getTime()) / 3_600_000);
  return `${new Date(shown).toISOString().slice(0, 19)}+0${hours}:00`;
}

/** The same day of a later month at the same time of day, or that month's last day. */
export function addMonths(time: WallTime, months: number): WallTime {
  const moved = new Date(time);
  const day = moved.getUTCDate();
  moved.setUTCMonth(moved.getUTCMonth() + months);
  if (moved.getUTCDate() !== day) moved.setUTCDate(0);
  return moved.getTime();
}
