import { compareValues } from '../values/compare.ts';
import { type Document, isDocument } from '../values/document.ts';
import { isOperators } from './filter.ts';

/** What a filter demands of one field, as far as an index can use it. The filter is applied all the same. */
export interface FieldBounds {
  /** Values of which the field has one. */
  in?: readonly unknown[];
  from?: Bound;
  to?: Bound;
}

export interface Bound {
  readonly value: unknown;
  readonly inclusive: boolean;
}

export type Bounds = ReadonlyMap<string, FieldBounds>;

/** The bounds of all fields that each document found must meet. */
export function boundsOf(filter: Document): Bounds {
  const bounds = new Map<string, FieldBounds>();
  collect(filter, bounds);
  return bounds;
}

function collect(filter: Document, bounds: Map<string, FieldBounds>): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(operand)) {
      for (const part of operand.filter(isDocument)) collect(part, bounds);
    } else if (!name.startsWith('$')) {
      const found = bounds.get(name) ?? {};
      narrow(found, operand);
      bounds.set(name, found);
    }
  }
}

function narrow(bounds: FieldBounds, operand: unknown): void {
  if (!isOperators(operand)) {
    if (isPlain(operand)) bounds.in = [operand];
    return;
  }
  for (const [operator, value] of Object.entries(operand)) narrowBy(bounds, operator, value);
}

function narrowBy(bounds: FieldBounds, operator: string, value: unknown): void {
  if (operator === '$in' && Array.isArray(value)) {
    if (value.every(isPlain)) bounds.in ??= value;
    return;
  }
  if (!isPlain(value)) return;
  if (operator === '$eq') bounds.in = [value];
  if (operator === '$gt' || operator === '$gte') {
    bounds.from = narrower(bounds.from, { value, inclusive: operator === '$gte' }, 1);
  }
  if (operator === '$lt' || operator === '$lte') {
    bounds.to = narrower(bounds.to, { value, inclusive: operator === '$lte' }, -1);
  }
}

/** Of two bounds on one side the one that leaves less: the greater where `sign` is 1, the smaller where it is -1. */
function narrower(known: Bound | undefined, other: Bound, sign: 1 | -1): Bound {
  if (known === undefined) return other;
  const order = sign * compareValues(known.value, other.value);
  return order > 0 || (order === 0 && !known.inclusive) ? known : other;
}

/** Whether the key of an index tells all about a value: not of patterns, nor of arrays. */
function isPlain(value: unknown): boolean {
  return !(value instanceof RegExp || Array.isArray(value));
}
