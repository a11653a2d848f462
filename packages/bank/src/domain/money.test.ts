import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyCodes, minorDigits } from './currencies.ts';
import {
  amountProblem,
  formatMinor,
  MAX_MINOR_UNITS,
  parseDecimal,
  parseMinor,
  readDecimal,
  toMinor,
} from './money.ts';

const currency = fc.constantFrom(...currencyCodes);
const minorUnits = fc.bigInt({ min: -MAX_MINOR_UNITS, max: MAX_MINOR_UNITS });
const amount = fc.bigInt({ min: 0n, max: MAX_MINOR_UNITS });

describe('an amount of a request', () => {
  test.each([
    ['1000.00', 'USD', 100_000n],
    ['1000', 'USD', 100_000n],
    ['1000.5', 'USD', 100_050n],
    [1000.0, 'USD', 100_000n],
    [0.1, 'USD', 10n],
    [0.07, 'USD', 7n],
    ['0001.00', 'USD', 100n],
    ['1.234', 'BHD', 1234n],
    ['7', 'JPY', 7n],
    ['0', 'USD', 0n],
    [-0, 'USD', 0n],
  ])('%j %s is %s minor units', (value, code, minor) => {
    expect(toMinor(parseDecimal(value, 'amount'), code, 'amount')).toBe(minor);
  });

  test.each<[string | number, string]>([
    ['-1.00', 'a sign'],
    ['+1.00', 'a sign'],
    [-5, 'a sign'],
    ['1e3', 'an exponent'],
    [1e21, 'an exponent'],
    [1e-7, 'an exponent'],
    [Number.NaN, 'no number'],
    [Number.POSITIVE_INFINITY, 'no number'],
    ['NaN', 'no number'],
    ['Infinity', 'no number'],
    ['', 'nothing'],
    [' 1.00', 'a blank'],
    ['1.00 ', 'a blank'],
    ['1.00\n', 'a line feed'],
    ['1,000.00', 'a separator'],
    ['1_000', 'a separator'],
    ['.50', 'nothing before the point'],
    ['1.', 'nothing after the point'],
    ['1.2.3', 'two points'],
    ['0x10', 'another base'],
    ['١٢٣', 'digits of another script'],
    ['１２', 'digits of another width'],
    ['1234567890123456789', 'more digits than any balance'],
  ])('%j is refused: %s', (value) => {
    expect(readDecimal(value)).toBeUndefined();
    expect(() => parseDecimal(value, 'amount')).toThrow(
      expect.objectContaining({ kind: 'malformed', fields: [expect.objectContaining({ field: 'amount' })] }),
    );
  });

  test.each([
    ['9'.repeat(19), /too large/],
    [`${'9'.repeat(1_000)}.00`, /too large/],
    [1e20, /too large/],
    [`0.${'0'.repeat(19)}`, /digits after the point/],
    ['-1', /such as "1000.00"/],
  ])('%j is told what is wrong with it', (value, words) => {
    expect(amountProblem(value)).toMatch(words);
    expect(() => parseDecimal(value, 'amount')).toThrow(words);
  });

  test('that can be read has no problem', () => {
    expect(amountProblem('1000.00')).toBeUndefined();
    expect(amountProblem(0)).toBeUndefined();
  });

  test.each([
    ['1000.001', 'USD'],
    ['0.0000001', 'USD'],
    ['1000.000', 'USD'],
    [1000.001, 'USD'],
    ['1.0', 'JPY'],
    ['1.2345', 'IQD'],
  ])('%j has more digits than %s and is refused', (value, code) => {
    expect(() => toMinor(parseDecimal(value, 'amount'), code, 'amount')).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });

  test('is exact up to 2^53 minor units as a JSON number, and refused above', () => {
    const most = 2 ** 53;
    expect(toMinor(parseDecimal(most, 'amount'), 'JPY', 'amount')).toBe(2n ** 53n);
    expect(() => toMinor(parseDecimal(most + 2, 'amount'), 'JPY', 'amount')).toThrow(/string/);
    expect(() => toMinor(parseDecimal(1e14, 'amount'), 'USD', 'amount')).toThrow(/string/);
    expect(toMinor(parseDecimal('100000000000000', 'amount'), 'USD', 'amount')).toBe(10n ** 16n);
  });
});

describe('properties', () => {
  test('what leaves as text comes back as the same minor units', () => {
    fc.assert(
      fc.property(minorUnits, currency, (minor, code) => {
        expect(parseMinor(formatMinor(minor, code), code)).toBe(minor);
      }),
    );
  });

  test('what leaves as text can be sent again, as text and as a JSON number, and means the same', () => {
    fc.assert(
      fc.property(amount, currency, (minor, code) => {
        const text = formatMinor(minor, code);
        expect(toMinor(parseDecimal(text, 'amount'), code, 'amount')).toBe(minor);
        const number: unknown = JSON.parse(text);
        if (typeof number !== 'number' || (number !== 0 && number < 1e-6)) return;
        expect(toMinor(parseDecimal(number, 'amount'), code, 'amount')).toBe(minor);
      }),
    );
  });

  test('text has exactly the digits of its currency', () => {
    fc.assert(
      fc.property(minorUnits, currency, (minor, code) => {
        const digits = minorDigits(code);
        const pattern = digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`);
        expect(formatMinor(minor, code)).toMatch(pattern);
      }),
    );
  });

  test('any number is taken for exactly what JavaScript writes it as, or refused: never rounded here', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const decimal = readDecimal(value);
        if (decimal === undefined) return;
        const padded = String(decimal.units).padStart(decimal.scale + 1, '0');
        const whole = padded.slice(0, padded.length - decimal.scale);
        const written = decimal.scale === 0 ? whole : `${whole}.${padded.slice(-decimal.scale)}`;
        expect(written).toBe(String(value));
      }),
    );
  });

  test('any other text is refused', () => {
    const character = fc.constantFrom(...'0123456789.+-eExn_, \n\0٣２');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 6 }), (characters) => {
        const text = characters.join('');
        fc.pre(!/^[0-9]+(\.[0-9]+)?$/.test(text));
        expect(readDecimal(text)).toBeUndefined();
      }),
    );
  });
});

test.each([
  [100_000n, 'USD', '1000.00'],
  [-500n, 'USD', '-5.00'],
  [5n, 'USD', '0.05'],
  [-5n, 'USD', '-0.05'],
  [0n, 'USD', '0.00'],
  [-7n, 'JPY', '-7'],
  [1n, 'CLF', '0.0001'],
])('%s minor units of %s leave as %s', (minor, code, text) => {
  expect(formatMinor(minor, code)).toBe(text);
});

test.each([
  ['1000', 'USD'],
  ['1000.0', 'USD'],
  ['1000.000', 'USD'],
  ['1.00', 'JPY'],
  ['-.05', 'USD'],
  ['', 'JPY'],
  ['-', 'JPY'],
  ['1e5', 'JPY'],
  ['0x10', 'JPY'],
])('the recorded amount %j is not one of %s', (text, code) => {
  expect(() => parseMinor(text, code)).toThrow(RangeError);
});
