import { ObjectId } from 'bson';
import { CommandError } from '../command-error.ts';
import { isDocument, isTrue } from '../values/document.ts';
import { fitsInt64, isNumeric } from '../values/numbers.ts';
import type { Operator } from './operators.ts';

export const CONVERSIONS: Readonly<Record<string, Operator>> = {
  $toLong: ([value]) => converted(value, toLong),
  $toInt: ([value]) => converted(value, (one) => toInt(one)),
  $toDouble: ([value]) => converted(value, (one) => Number(toNumber(one))),
  $toString: ([value]) => converted(value, toText),
  $toDate: ([value]) => converted(value, toDate),
  $toBool: ([value]) => converted(value, (one) => typeof one === 'string' || isTrue(one)),
  $isNumber: ([value]) => isNumeric(value),
  $isArray: ([value]) => Array.isArray(value),
  $type: ([value]) => typeNameOf(value),
};

function converted(value: unknown, convert: (value: unknown) => unknown): unknown {
  return value === null || value === undefined ? null : convert(value);
}

function conversionFailure(value: unknown, to: string): CommandError {
  return new CommandError(
    241,
    'ConversionFailure',
    `Unsupported conversion of ${String(value)} to ${to} in $convert`,
  );
}

function toNumber(value: unknown): number | bigint {
  if (isNumeric(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return BigInt(value.getTime());
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value);
  if (typeof value === 'string' && value.trim() === value && value !== '' && !Number.isNaN(Number(value)))
    return Number(value);
  throw conversionFailure(value, 'a number');
}

function toLong(value: unknown): bigint {
  const n = toNumber(value);
  const whole = typeof n === 'bigint' ? n : Number.isFinite(n) ? BigInt(Math.trunc(n)) : undefined;
  if (whole === undefined || !fitsInt64(whole)) throw conversionFailure(value, 'long');
  return whole;
}

function toInt(value: unknown): number {
  const n = Math.trunc(Number(toNumber(value)));
  if (n >= 2 ** 31 || n < -(2 ** 31) || Number.isNaN(n)) throw conversionFailure(value, 'int');
  return n;
}

function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (isDocument(value) || Array.isArray(value)) throw conversionFailure(value, 'string');
  return String(value);
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  const date = new Date(typeof value === 'string' ? value : Number(toNumber(value)));
  if (Number.isNaN(date.getTime())) throw conversionFailure(value, 'date');
  return date;
}

function typeNameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) <= 2 ** 31 ? 'int' : 'double';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  return typeof value;
}
