import { CommandError, notInTheDouble } from '../command-error.ts';
import type { Document } from '../values/document.ts';
import { isDocument } from '../values/document.ts';
import { EMPTY_ARRAY, inverted, keyString } from '../values/key-string.ts';
import { own, pathOf, valuesAt } from '../values/path.ts';

/** One field of an index. */
export interface IndexField {
  readonly name: string;
  readonly path: readonly string[];
  readonly descending: boolean;
}

export function indexFields(key: Document): readonly IndexField[] {
  return Object.entries(key).map(([name, direction]) => {
    if (typeof direction !== 'number' || direction === 0) {
      throw notInTheDouble(`indexes of the kind ${String(direction)}`);
    }
    return { name, path: pathOf(name), descending: direction < 0 };
  });
}

/** The text of a value as one field of an index holds it. */
export function fieldKey(field: IndexField, value: unknown): string {
  const key = keyString(value);
  return field.descending ? inverted(key) : key;
}

/** The keys of a document: one, or one for each element where a field holds an array. */
export interface DocumentKeys {
  readonly keys: readonly string[];
  readonly multikey: boolean;
}

export function keysOf(fields: readonly IndexField[], document: Document): DocumentKeys {
  let prefixes: readonly string[] = [''];
  let multikey = false;
  for (const field of fields) {
    const parts = partsOf(field, document);
    if (typeof parts === 'string') {
      prefixes =
        prefixes.length === 1 ? [`${prefixes[0]}${parts}`] : prefixes.map((prefix) => prefix + parts);
      continue;
    }
    if (multikey) throw new CommandError(171, 'CannotIndexParallelArrays', 'cannot index parallel arrays');
    multikey = true;
    prefixes = prefixes.flatMap((prefix) => parts.map((part) => prefix + part));
  }
  return { keys: prefixes, multikey };
}

/** What is missing is indexed as null, an array by its elements. */
function partsOf(field: IndexField, document: Document): string | readonly string[] {
  const value = field.path.length === 1 ? own(document, field.name) : walked(field, document);
  if (!Array.isArray(value)) return fieldKey(field, value);
  if (value.length === 0) return [field.descending ? inverted(EMPTY_ARRAY) : EMPTY_ARRAY];
  return [...new Set(value.map((element) => fieldKey(field, element)))];
}

/** The value of a longer path; where an array is on the way, the array of all that it leads to. */
function walked(field: IndexField, document: Document): unknown {
  let value: unknown = document;
  for (const [at, name] of field.path.entries()) {
    if (Array.isArray(value)) return valuesAt(value, field.path, at).flat();
    if (!isDocument(value)) return undefined;
    value = own(value, name);
  }
  return value;
}
