import { minorDigits } from './currencies.ts';
import { malformed } from './refusal.ts';

/**
 * No balance and no overdraft limit goes beyond 10^15 minor units, up or down. Within it every amount of any currency
 * has at most 15 digits or is 10^15 itself, so that a JSON number has carried it exactly.
 */
export const MAX_MINOR_UNITS = 10n ** 15n;

/** Above it a JSON number no longer tells two neighbours apart. */
const MAX_NUMBER_UNITS = 2n ** 53n;

/** ASCII digits only (no `u` flag): no sign, no exponent, no blanks, no bare point. */
const AMOUNT = /^\d{1,18}(?:\.\d{1,18})?$/;
const TOO_LARGE = /^\d{19,}(?:\.\d+)?$/;
const TOO_FINE = /^\d+\.\d{19,}$/;
const RECORDED = /^-?\d+(?:\.\d+)?$/;
const POWERS_OF_TEN = Array.from({ length: 7 }, (_, exponent) => 10n ** BigInt(exponent));

/** A number as it was written: `units` / 10^`scale`. Whether a currency can carry it is not known yet. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, as written: 2 in `1000.00`. */
  readonly scale: number;
  /** It came as a JSON number, which is exact only within bounds. */
  readonly fromNumber: boolean;
}

/**
 * An amount as a request gives it: a string (`"1000.00"`) or a JSON number, judged by its shortest decimal form.
 * Undefined where it is none: a sign, an exponent, `NaN`, blanks, digits of other scripts.
 */
export function readDecimal(value: string | number): Decimal | undefined {
  const text = String(value);
  if (!AMOUNT.test(text)) return undefined;
  const fromNumber = typeof value === 'number';
  const point = text.indexOf('.');
  if (point < 0) return { units: BigInt(text), scale: 0, fromNumber };
  const units = BigInt(text.slice(0, point) + text.slice(point + 1));
  return { units, scale: text.length - point - 1, fromNumber };
}

/**
 * @param field - what the amount is called in the request
 * @throws Refusal `malformed` - see `readDecimal`
 */
export function parseDecimal(value: string | number, field: string): Decimal {
  const decimal = readDecimal(value);
  if (decimal === undefined) throw malformed({ field, message: amountProblem(value) ?? NOT_AN_AMOUNT });
  return decimal;
}

const NOT_AN_AMOUNT = 'must be an amount of digits and one decimal point, such as "1000.00"';

/** What is wrong with an amount that `readDecimal` does not read; undefined for one that it reads. */
export function amountProblem(value: string | number): string | undefined {
  const text = String(value);
  if (AMOUNT.test(text)) return undefined;
  if (TOO_LARGE.test(text)) return 'is too large: no account holds so much';
  return TOO_FINE.test(text)
    ? 'must not have more digits after the point than its currency has'
    : NOT_AN_AMOUNT;
}

/**
 * An amount in minor units of a currency: 100000n for `1000.00` USD.
 *
 * @throws Refusal `malformed` - more digits than the currency has, or a JSON number above 2^53 minor units
 */
export function toMinor(decimal: Decimal, currency: string, field: string): bigint {
  const digits = minorDigits(currency);
  if (decimal.scale > digits) {
    throw malformed({
      field,
      message: `must not have more than ${digits} digits after the point in ${currency}`,
    });
  }
  const minor = decimal.units * (POWERS_OF_TEN[digits - decimal.scale] ?? 0n);
  if (decimal.fromNumber && minor > MAX_NUMBER_UNITS) {
    throw malformed({ field, message: 'is too large to be exact as a JSON number: send it as a string' });
  }
  return minor;
}

/** An amount as it leaves: all the digits of its currency, `1000.00`, `-5.00`, and no point where it has none. */
export function formatMinor(minor: bigint, currency: string): string {
  const digits = minorDigits(currency);
  if (digits === 0) return String(minor);
  if (minor < 0n) return `-${formatMinor(-minor, currency)}`;
  const text = String(minor).padStart(digits + 1, '0');
  const point = text.length - digits;
  return `${text.slice(0, point)}.${text.slice(point)}`;
}

/**
 * The inverse of `formatMinor`, for amounts that were recorded with it.
 *
 * @throws RangeError - nothing that `formatMinor` writes for this currency: the record is damaged
 */
export function parseMinor(text: string, currency: string): bigint {
  const digits = minorDigits(currency);
  const point = text.length - digits - 1;
  const whole = digits === 0 ? text : text.slice(0, point) + text.slice(point + 1);
  if (!RECORDED.test(text) || text.indexOf('.') !== (digits === 0 ? -1 : point)) {
    throw new RangeError(`A recorded amount is not one of ${currency}.`);
  }
  return BigInt(whole);
}
