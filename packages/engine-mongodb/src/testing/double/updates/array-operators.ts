import { badValue, CommandError } from '../command-error.ts';
import { compileFilter, isOperators } from '../query/filter.ts';
import { sorted, sortFields } from '../query/sort.ts';
import { compareValues, equalValues } from '../values/compare.ts';
import { type Document, isDocument, numberOf } from '../values/document.ts';
import type { FieldOperator } from './field-operator.ts';

/** Update operators on arrays. */
export const ARRAY_UPDATES: Readonly<Record<string, FieldOperator>> = {
  $push: { create: true, become: (operand, path) => (old) => pushed(listAt(old, path, '$push'), operand) },
  $addToSet: {
    create: true,
    become: (operand, path) => (old) => united(listAt(old, path, '$addToSet'), eachOf(operand), old),
  },
  $pull: { create: false, become: (operand, path) => (old) => filtered(old, path, pullTest(operand)) },
  $pullAll: {
    create: false,
    become: (operand, path) => (old) => {
      if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
      return filtered(old, path, (element) => operand.some((value) => equalValues(value, element)));
    },
  },
  $pop: {
    create: false,
    become: (operand, path) => (old) => {
      if (old === undefined) return undefined;
      const list = listAt(old, path, '$pop');
      return numberOf(operand) === -1 ? list.slice(1) : list.slice(0, -1);
    },
  },
};

function listAt(value: unknown, path: string, operator: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new CommandError(2, 'BadValue', `The field '${path}' must be an array for ${operator}`);
}

function eachOf(operand: unknown): readonly unknown[] {
  return isDocument(operand) && Array.isArray(operand.$each) ? operand.$each : [operand];
}

function pushed(list: readonly unknown[], operand: unknown): readonly unknown[] {
  const modifiers: Document = isDocument(operand) && '$each' in operand ? operand : {};
  const at = numberOf(modifiers.$position) ?? list.length;
  const added = [...list.slice(0, at), ...eachOf(operand), ...list.slice(at)];
  const slice = numberOf(modifiers.$slice);
  const ordered = modifiers.$sort === undefined ? added : sortedElements(added, modifiers.$sort);
  if (slice === undefined) return ordered;
  return slice < 0 ? ordered.slice(slice) : ordered.slice(0, slice);
}

function sortedElements(list: readonly unknown[], sort: unknown): readonly unknown[] {
  if (isDocument(sort)) return sorted(list, sortFields(sort), (element) => element);
  const sign = numberOf(sort) ?? 1;
  return list.toSorted((a, b) => sign * compareValues(a, b));
}

function united(list: readonly unknown[], values: readonly unknown[], old: unknown): unknown {
  const added: unknown[] = [];
  for (const value of values) {
    if (![...list, ...added].some((known) => equalValues(known, value))) added.push(value);
  }
  return added.length === 0 && old !== undefined ? old : [...list, ...added];
}

function filtered(old: unknown, path: string, drop: (element: unknown) => boolean): unknown {
  if (old === undefined) return undefined;
  const list = listAt(old, path, '$pull');
  return list.some(drop) ? list.filter((element) => !drop(element)) : old;
}

function pullTest(operand: unknown): (element: unknown) => boolean {
  if (isOperators(operand)) {
    const matcher = compileFilter({ value: operand }, {});
    return (element) => matcher({ value: element });
  }
  if (!isDocument(operand)) return (element) => equalValues(element, operand);
  const matcher = compileFilter(operand, {});
  return (element) => isDocument(element) && matcher(element);
}
