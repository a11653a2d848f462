import type { Currency } from './model-types.ts';

/** |balance| and overdraft limits never pass it, in minor units. */
export const MOST = 10n ** 15n;

/** Digits after the point. */
const DIGITS: Readonly<Record<Currency, number>> = { USD: 2, JPY: 0, KWD: 3 };

/** An amount as the API writes it. */
export function decimal(minor: bigint, currency: Currency): string {
  const digits = DIGITS[currency];
  const sign = minor < 0n ? '-' : '';
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Those of the rules that are broken. */
export function codes(...broken: readonly (string | false | undefined)[]): readonly string[] {
  return broken.filter((code) => typeof code === 'string');
}

export function replaced<Item>(items: readonly Item[], place: number, change: (item: Item) => Item) {
  return items.map((item, at) => (at === place ? change(item) : item));
}
