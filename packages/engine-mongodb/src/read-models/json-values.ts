import type { FieldValue, JsonValue } from '@openbank/eventsourcing';

/** The one field of a document that holds a JSON value as text. */
const AS_TEXT = 'json_text';

/** Levels of lists and objects that MongoDB is given as they are; it takes 100 of them, the document's own included. */
const DEPTH = 50;

/**
 * A JSON value as MongoDB keeps it: as it is, so that anyone can look at it, or as text where BSON has another meaning
 * for a part of it, such as a key that begins with `$`, or does not know it, such as text that is no valid Unicode.
 */
export function toBson(value: FieldValue): unknown {
  return isPlain(value, DEPTH) ? value : { [AS_TEXT]: JSON.stringify(value) };
}

/** The value that was kept; undefined where it cannot be one. */
export function fromBson(stored: unknown): FieldValue | undefined {
  if (typeof stored === 'bigint') return undefined;
  const text = textOf(stored);
  return text === undefined ? asJson(stored) : parsed(text);
}

function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
      return true;
    case 'object':
      return value === null || (depth > 0 && isPlainObject(value, depth - 1));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.every((element) => isPlain(element, depth));
  if (Object.getPrototypeOf(value) !== Object.prototype || textOf(value) !== undefined) return false;
  return Object.entries(value).every(([key, element]) => isPlainKey(key) && isPlain(element, depth));
}

/** `_bsontype` and `toBSON` are what the driver knows its own types by. */
function isPlainKey(key: string): boolean {
  return (
    !key.startsWith('$') &&
    !key.includes('\0') &&
    !['_bsontype', 'toBSON', '__proto__'].includes(key) &&
    key.isWellFormed()
  );
}

function textOf(stored: unknown): string | undefined {
  if (typeof stored !== 'object' || stored === null || !(AS_TEXT in stored)) return undefined;
  const text = stored[AS_TEXT];
  return typeof text === 'string' && Object.keys(stored).length === 1 ? text : undefined;
}

/** What comes from the driver is JSON where this engine has written it; other types have classes of their own. */
function asJson(stored: unknown): JsonValue | undefined {
  return isJson(stored) ? stored : undefined;
}

function isJson(stored: unknown): stored is JsonValue {
  return isPlain(stored, DEPTH);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
