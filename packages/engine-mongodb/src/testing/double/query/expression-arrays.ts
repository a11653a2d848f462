import { CommandError } from '../command-error.ts';
import { equalValues } from '../values/compare.ts';
import { documentOf, isDocument, type MutableDocument, numberOf, textOf } from '../values/document.ts';
import type { Operator } from './operators.ts';

/** Arrays and documents as values. */
export const ARRAYS: Readonly<Record<string, Operator>> = {
  $size: ([list]) => array('$size', list).length,
  $arrayElemAt: ([list, at]) => (isNull(list) ? null : array('$arrayElemAt', list).at(numberOf(at) ?? 0)),
  $first: ([list]) => (isNull(list) ? null : array('$first', list).at(0)),
  $last: ([list]) => (isNull(list) ? null : array('$last', list).at(-1)),
  $slice: ([list, ...bounds]) => (isNull(list) ? null : slice(array('$slice', list), bounds)),
  $concatArrays: (lists) =>
    lists.some(isNull) ? null : lists.flatMap((list) => array('$concatArrays', list)),
  $setUnion: (lists) =>
    lists.some(isNull) ? null : distinct(lists.flatMap((list) => array('$setUnion', list))),
  $mergeObjects: (documents) => merged(documents),
  $objectToArray: ([document]) =>
    isNull(document)
      ? null
      : Object.entries(documentOf(document, '$objectToArray')).map(([k, v]) => ({ k, v })),
  $arrayToObject: ([list]) =>
    isNull(list) ? null : Object.fromEntries(array('$arrayToObject', list).map(pair)),
};

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function array(operator: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(17124, 'Location17124', `The argument to ${operator} must be an array`);
}

function slice(list: readonly unknown[], bounds: readonly unknown[]): readonly unknown[] {
  const [first = 0, count] = bounds.map(numberOf);
  if (count === undefined) return first < 0 ? list.slice(first) : list.slice(0, first);
  const from = first < 0 ? Math.max(0, list.length + first) : first;
  return list.slice(from, from + count);
}

function distinct(list: readonly unknown[]): readonly unknown[] {
  return list.filter((value, i) => list.findIndex((other) => equalValues(other, value)) === i);
}

function merged(documents: readonly unknown[]): MutableDocument {
  const list = documents.length === 1 && Array.isArray(documents[0]) ? documents[0] : documents;
  return Object.assign(
    {},
    ...list.filter((one) => !isNull(one)).map((one) => documentOf(one, '$mergeObjects')),
  );
}

function pair(entry: unknown): readonly [string, unknown] {
  if (isDocument(entry)) return [textOf(entry.k, 'k'), entry.v];
  const [name, value] = array('$arrayToObject', entry);
  return [textOf(name, 'k'), value];
}
