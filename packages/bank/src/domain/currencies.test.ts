import { expect, test } from 'vitest';
import { currencyCodes, isCurrency, minorDigits } from './currencies.ts';

test.each([
  ['USD', 2],
  ['JPY', 0],
  ['HUF', 2],
  ['IQD', 3],
  ['BHD', 3],
  ['CLF', 4],
])('the digits of %s are those of ISO 4217: %i', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});

test('every code is three capitals and stands in the table once', () => {
  expect(new Set(currencyCodes).size).toBe(currencyCodes.length);
  for (const code of currencyCodes) expect(code).toMatch(/^[A-Z]{3}$/);
  expect(currencyCodes.length).toBe(165);
});

test.each(['usd', 'XAU', 'XXX', 'US', '', 'constructor'])('%j is no currency', (code) => {
  expect(isCurrency(code)).toBe(false);
  expect(() => minorDigits(code)).toThrow(RangeError);
});
