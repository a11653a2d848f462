import { Binary, Code, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { notInTheDouble } from '../command-error.ts';
import { isDocument } from './document.ts';

/**
 * A text for a value, such that texts compare (by code unit) as MongoDB compares the values: by type first, numbers of
 * all types by their exact value, strings by their UTF-8 bytes. No text is the beginning of another one, so texts of
 * several values can be joined. One encoding decides equality, ranges, sorts, and the order of indexes.
 *
 * Source of the order: MongoDB manual, "Comparison/Sort Order".
 */
export function keyString(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return STRING_TAG + terminated(value);
    case 'number':
      return ofDouble(value, 0);
    case 'bigint':
      return ofInt64(value);
    case 'boolean':
      return value ? TRUE : FALSE;
    case 'undefined':
      return NULL_TAG;
    default:
      return ofObject(value);
  }
}

/** The first character of a value's text. */
export function typeTag(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return STRING_TAG;
    case 'number':
    case 'bigint':
      return NUMBER_TAG;
    case 'undefined':
      return NULL_TAG;
    default:
      return keyString(value).charAt(0);
  }
}

/** Turns the order of texts round: for descending fields of an index. */
export function inverted(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) out += String.fromCharCode(0xff_ff - text.charCodeAt(i));
  return out;
}

/** Greater than every continuation of a text: no text of a value begins with it, in either direction. */
export const AFTER = '\uffff';

const tag = (order: number) => String.fromCharCode(order * 2);
const MIN_KEY = tag(1);
/** An empty array as the key of an index: before null. */
export const EMPTY_ARRAY = tag(2);
const NULL_TAG = tag(3);
const NUMBER_TAG = tag(4);
const STRING_TAG = tag(5);
const OBJECT_TAG = tag(6);
const ARRAY_TAG = tag(7);
const BINARY_TAG = tag(8);
const OBJECT_ID_TAG = tag(9);
const BOOLEAN_TAG = tag(10);
const DATE_TAG = tag(11);
const TIMESTAMP_TAG = tag(12);
const REGEX_TAG = tag(13);
const CODE_TAG = tag(14);
const MAX_KEY = tag(20);

const FALSE = `${BOOLEAN_TAG}\u0001`;
const TRUE = `${BOOLEAN_TAG}\u0002`;
/** Ends an object or an array: before every type tag. */
const END = '\u0001';

const double = new Float64Array(1);
const words = new Uint16Array(double.buffer);

/** A double in an order-preserving form, and what an int64 has beyond it. */
function ofDouble(value: number, beyond: number): string {
  return NUMBER_TAG + doubleText(value) + String.fromCharCode(beyond + 1);
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return '\0\0\0\0';
  // Adding zero makes -0 the 0 that it equals.
  double[0] = value + 0;
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  return w3 & 0x80_00
    ? String.fromCharCode(~w3 & 0xff_ff, ~w2 & 0xff_ff, ~w1 & 0xff_ff, ~w0 & 0xff_ff)
    : String.fromCharCode(w3 | 0x80_00, w2, w1, w0);
}

function ofInt64(value: bigint): string {
  const near = Number(value);
  if (Number.isSafeInteger(near)) return ofDouble(near, 0);
  const over = BigInt(near) - value;
  if (over <= 0n) return ofDouble(near, Number(-over));
  const below = previousDouble(near);
  return ofDouble(below, Number(value - BigInt(below)));
}

function previousDouble(value: number): number {
  const bits = new BigInt64Array(1);
  const view = new Float64Array(bits.buffer);
  view[0] = value;
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? -1n : 1n);
  return view[0];
}

const UNUSUAL = /[\0\ud800-\uffff]/;

/** UTF-16 units moved so that they compare as UTF-8 bytes do, with an end that sorts before every unit. */
function terminated(text: string): string {
  return `${UNUSUAL.test(text) ? reordered(text) : text}\0\u0001`;
}

function reordered(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) out += '\0\uffff';
    else if (unit < 0xd8_00) out += text.charAt(i);
    else out += String.fromCharCode(unit >= 0xe0_00 ? unit - 0x8_00 : unit + 0x20_00);
  }
  return out;
}

function ofObject(value: unknown): string {
  if (value === null) return NULL_TAG;
  if (Array.isArray(value)) return ARRAY_TAG + value.map(keyString).join('') + END;
  if (value instanceof Date) return DATE_TAG + doubleText(value.getTime());
  if (isDocument(value)) return ofDocument(value);
  if (value instanceof RegExp) return REGEX_TAG + terminated(value.source) + terminated(value.flags);
  return ofBsonType(value);
}

function ofDocument(value: Readonly<Record<string, unknown>>): string {
  let out = OBJECT_TAG;
  for (const [name, field] of Object.entries(value)) {
    const key = keyString(field);
    out += key.charAt(0) + terminated(name) + key;
  }
  return out + END;
}

function ofBsonType(value: unknown): string {
  if (value instanceof ObjectId) return OBJECT_ID_TAG + value.toHexString();
  if (value instanceof Binary) return BINARY_TAG + ofBinary(value);
  if (value instanceof Timestamp) return TIMESTAMP_TAG + value.toString(16).padStart(16, '0');
  if (value instanceof Long) return ofInt64(value.toBigInt());
  if (value instanceof MinKey) return MIN_KEY;
  if (value instanceof MaxKey) return MAX_KEY;
  if (value instanceof Code) return CODE_TAG + terminated(String(value.code));
  if (value instanceof Decimal128) throw notInTheDouble('comparisons of Decimal128');
  throw notInTheDouble(`comparisons of ${String(value)}`);
}

/** Length, then subtype, then bytes. */
function ofBinary(value: Binary): string {
  const length = value.length();
  const head = String.fromCharCode(length >>> 16, length & 0xff_ff, value.sub_type);
  return head + Buffer.from(value.value()).toString('latin1');
}
