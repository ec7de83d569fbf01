import { compactJson, WrittenNumber } from './json.ts';
import { sanitizeLine } from './sanitize.ts';

/** Nested objects and lists of objects as rows of their own: `order.id`, `orders.0.id`. */
export function flatten(record: object, prefix = ''): [string, unknown][] {
  return Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    const isNested =
      typeof value === 'object' &&
      value !== null &&
      !(value instanceof WrittenNumber) &&
      (Array.isArray(value)
        ? value.some((item) => typeof item === 'object')
        : Object.keys(value).length > 0);
    return isNested ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]];
  });
}

/** One line of text for a table cell or a tab-separated field. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const isText = typeof value !== 'object' || value instanceof WrittenNumber;
  return sanitizeLine(isText ? String(value) : compactJson(value));
}

/** The text at a path such as `order.id`, or null where there is none. */
export function bareValue(record: object, path: string): string | null {
  const value = path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], record);
  return value === undefined || value === null ? null : cellText(value);
}
