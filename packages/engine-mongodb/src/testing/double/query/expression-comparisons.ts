import { CommandError } from '../command-error.ts';
import { compareValues } from '../values/compare.ts';
import { isTrue } from '../values/document.ts';
import { EMPTY_ARRAY, keyString } from '../values/key-string.ts';
import type { Operator } from './operators.ts';

/** Comparisons of expressions: over all types in the order of sorts, unlike those of filters. */
export const COMPARISONS: Readonly<Record<string, Operator>> = {
  $eq: ([a, b]) => compare(a, b) === 0,
  $ne: ([a, b]) => compare(a, b) !== 0,
  $gt: ([a, b]) => compare(a, b) > 0,
  $gte: ([a, b]) => compare(a, b) >= 0,
  $lt: ([a, b]) => compare(a, b) < 0,
  $lte: ([a, b]) => compare(a, b) <= 0,
  $cmp: ([a, b]) => Math.sign(compare(a, b)),
  $not: ([value]) => !isTrue(value),
  $in: ([value, list]) => {
    if (!Array.isArray(list))
      throw new CommandError(40081, 'Location40081', '$in requires an array as a second argument');
    return list.some((element) => compare(value, element) === 0);
  },
};

/** In an expression, what is missing comes before null. */
function compare(a: unknown, b: unknown): number {
  if (a !== undefined && b !== undefined) return compareValues(a, b);
  if (a === b) return 0;
  if (a === undefined) return keyString(b) < EMPTY_ARRAY ? 1 : -1;
  return -compare(b, a);
}
