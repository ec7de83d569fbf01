/**
 * A time as a clock on the wall shows it, without zone: the milliseconds that the shown year,
 * month, day and time of day would have in UTC.
 */
export type WallTime = number;

const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Europe/Ljubljana',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/** What a Central European clock shows at this moment, to the second. */
export function wallTime(moment: Date): WallTime {
  const parts = new Map(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  return Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
}

/** `YYYY-MM-DD HH:MM:SS`, the form of the API reference. */
export function formatWallTime(time: WallTime): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYYMMDD`, as in order numbers. */
export function compactDate(time: WallTime): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The same day of a later month at the same time of day, or that month's last day. */
export function addMonths(time: WallTime, months: number): WallTime {
  const start = new Date(time);
  const moved = new Date(time);
  moved.setUTCMonth(start.getUTCMonth() + months);
  if (moved.getUTCDate() !== start.getUTCDate()) {
    moved.setUTCDate(0);
  }
  return moved.getTime();
}

/** ISO 8601 with the offset of Central European time, the form of `checked_at`. */
export function formatWithOffset(moment: Date): string {
  const shown = wallTime(moment);
  const offsetMinutes = Math.round((shown - moment.getTime()) / 60_000);
  const hours = String(Math.trunc(offsetMinutes / 60)).padStart(2, '0');
  const minutes = String(offsetMinutes % 60).padStart(2, '0');
  return `${new Date(shown).toISOString().slice(0, 19)}+${hours}:${minutes}`;
}

/** Seconds since 1970, as the invoice answer has them. */
export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
