import type { Document as BsonDocument } from 'bson';
import { badValue } from '../command-error.ts';

/**
 * A document as the double keeps it: never changed, only replaced. Whole numbers that fit 32 bits are int32, other
 * numbers doubles, bigints int64; the rest is as the bson library decodes it.
 */
export type Document = Readonly<Record<string, unknown>>;

/** A document under construction. */
export type MutableDocument = BsonDocument & Record<string, unknown>;

/** Whether a value is an embedded document: not an array, not a date, not one of the library's own types. */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function documentOf(value: unknown, what: string): Document {
  if (isDocument(value)) return value;
  throw badValue(`${what} must be an object`);
}

export function documentsOf(value: unknown, what: string): readonly Document[] {
  if (Array.isArray(value)) return value.map((element) => documentOf(element, what));
  throw badValue(`${what} must be an array`);
}

export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw badValue(`${what} must be a string`);
}

/** A number of any numeric type, or undefined where there is none. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** As `$cond` and options judge: everything but false, null, missing and zero. */
export function isTrue(value: unknown): boolean {
  return !(value === undefined || value === null || value === false || value === 0 || value === 0n);
}
