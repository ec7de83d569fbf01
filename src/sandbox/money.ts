/** Amounts are counted in whole cents, so that no rounding error can creep in. */
export type Cents = number;

/** Cents as the API writes money: a decimal string such as `9.99`. */
export function decimalString(cents: Cents): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
