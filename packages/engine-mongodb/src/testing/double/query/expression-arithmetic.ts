import { CommandError } from '../command-error.ts';
import { compareValues } from '../values/compare.ts';
import { add, isNumeric, isWhole, multiply, type Numeric, subtract } from '../values/numbers.ts';
import type { Operator } from './operators.ts';

/** Arithmetic of expressions: null where an operand is null or missing, an error where it is no number. */
export const ARITHMETIC: Readonly<Record<string, Operator>> = {
  $add: (values) => (hasNull(values) ? null : sum(values)),
  $subtract: (values) => (hasNull(values) ? null : difference(values)),
  $multiply: (values) => numbers('$multiply', values)?.reduce((a, b) => multiply(a, b), 1) ?? null,
  $divide: (values) => quotient(values),
  $mod: (values) => modulus(values),
  $abs: ([value]) => unary('$abs', value, (n) => (n < 0 ? multiply(n, -1) : n)),
  $floor: ([value]) => unary('$floor', value, (n) => (typeof n === 'bigint' ? n : Math.floor(n))),
  $ceil: ([value]) => unary('$ceil', value, (n) => (typeof n === 'bigint' ? n : Math.ceil(n))),
  $trunc: ([value]) => unary('$trunc', value, (n) => (typeof n === 'bigint' ? n : Math.trunc(n))),
  $max: (values) => extreme(values, (order) => order > 0),
  $min: (values) => extreme(values, (order) => order < 0),
  $sum: (values) => items(values).filter(isNumeric).reduce(add, 0),
  $avg: (values) => mean(items(values).filter(isNumeric)),
};

function hasNull(values: readonly unknown[]): boolean {
  return values.some((value) => value === null || value === undefined);
}

/** With a single array as its operand, an operator works on the elements. */
function items(values: readonly unknown[]): readonly unknown[] {
  const [first] = values;
  return values.length === 1 && Array.isArray(first) ? first : values;
}

function numbers(operator: string, values: readonly unknown[]): readonly Numeric[] | undefined {
  if (hasNull(values)) return undefined;
  return values.map((value) => {
    if (isNumeric(value)) return value;
    throw new CommandError(14, 'TypeMismatch', `${operator} only supports numeric types`);
  });
}

/** Numbers, or one date and milliseconds. */
function sum(values: readonly unknown[]): unknown {
  const dates = values.filter((value) => value instanceof Date);
  const [date, second] = dates;
  const others = values.filter((value) => !(value instanceof Date));
  const total = numbers('$add', others)?.reduce(add, 0) ?? 0;
  if (date === undefined) return total;
  if (second !== undefined)
    throw new CommandError(16612, 'Location16612', 'only one date allowed in an $add expression');
  return new Date(date.getTime() + Math.round(Number(total)));
}

function difference([a, b]: readonly unknown[]): unknown {
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date && isNumeric(b)) return new Date(a.getTime() - Math.round(Number(b)));
  if (isNumeric(a) && isNumeric(b)) return subtract(a, b);
  throw new CommandError(14, 'TypeMismatch', "can't $subtract these types");
}

function quotient(values: readonly unknown[]): unknown {
  const [a, b] = numbers('$divide', values) ?? [];
  if (a === undefined || b === undefined) return null;
  if (Number(b) === 0) throw new CommandError(2, 'BadValue', "can't $divide by zero");
  return Number(a) / Number(b);
}

function modulus(values: readonly unknown[]): unknown {
  const [a, b] = numbers('$mod', values) ?? [];
  if (a === undefined || b === undefined) return null;
  if (Number(b) === 0) throw new CommandError(16610, 'Location16610', "can't $mod by zero");
  if (!(isWhole(a) && isWhole(b))) return Number(a) % Number(b);
  const rest = BigInt(a) % BigInt(b);
  return typeof a === 'bigint' || typeof b === 'bigint' ? rest : Number(rest);
}

function unary(operator: string, value: unknown, apply: (n: Numeric) => Numeric): unknown {
  const [n] = numbers(operator, [value]) ?? [];
  return n === undefined ? null : apply(n);
}

function extreme(values: readonly unknown[], better: (order: number) => boolean): unknown {
  let best: unknown = null;
  for (const value of items(values)) {
    if (value === null || value === undefined) continue;
    if (best === null || better(compareValues(value, best))) best = value;
  }
  return best;
}

function mean(values: readonly Numeric[]): unknown {
  if (values.length === 0) return null;
  return Number(values.reduce(add, 0)) / values.length;
}
