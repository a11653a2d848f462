/** A number of MongoDB: int32 and double as a JavaScript number, int64 as a bigint. */
export type Numeric = number | bigint;

const INT32 = 2 ** 31;
const INT64 = 2n ** 63n;

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The result is int64 where an operand is, or where two int32 overflow; a double where an operand is one. */
export function add(a: Numeric, b: Numeric): Numeric {
  return combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

export function subtract(a: Numeric, b: Numeric): Numeric {
  return combine(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

export function multiply(a: Numeric, b: Numeric): Numeric {
  return combine(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
}

/** Whether the value is of one of the two whole-number types. */
export function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || isInt32(value);
}

export function fitsInt64(value: bigint): boolean {
  return value >= -INT64 && value < INT64;
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -INT32 && value < INT32 && !Object.is(value, -0);
}

function combine(
  a: Numeric,
  b: Numeric,
  whole: (a: bigint, b: bigint) => bigint,
  double: (a: number, b: number) => number,
): Numeric {
  if (!(isWhole(a) && isWhole(b))) return double(Number(a), Number(b));
  const wide = typeof a === 'bigint' || typeof b === 'bigint';
  const result = whole(BigInt(a), BigInt(b));
  if (!wide && isInt32(Number(result))) return Number(result);
  return fitsInt64(result) ? result : Number(result);
}
