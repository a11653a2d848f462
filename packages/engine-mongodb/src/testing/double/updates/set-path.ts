import { badValue, CommandError } from '../command-error.ts';
import { type Document, isDocument } from '../values/document.ts';

/** What a field becomes: `undefined` removes it. */
export type Become = (value: unknown) => unknown;

/** A document with another value at a path. What is not on the path is shared with the old one. */
export function withPath(
  document: Document,
  path: readonly string[],
  become: Become,
  create: boolean,
  from = 0,
): Document {
  const name = path[from] ?? '';
  const old = Object.hasOwn(document, name) ? document[name] : undefined;
  const value = from === path.length - 1 ? become(old) : inner(old, name, path, become, create, from + 1);
  if (value === old) return document;
  if (value === undefined) return without(document, name);
  return { ...document, [name]: value };
}

function inner(
  old: unknown,
  name: string,
  path: readonly string[],
  become: Become,
  create: boolean,
  from: number,
): unknown {
  if (isDocument(old)) return withPath(old, path, become, create, from);
  if (Array.isArray(old)) return withElement(old, path, become, create, from);
  if (!create) return old;
  if (old !== undefined) throw notViable(path[from] ?? '', name, old);
  const made = withPath({}, path, become, create, from);
  return Object.keys(made).length === 0 ? undefined : made;
}

function withElement(
  list: readonly unknown[],
  path: readonly string[],
  become: Become,
  create: boolean,
  from: number,
): unknown {
  const name = path[from] ?? '';
  if (!/^\d+$/.test(name)) {
    if (!create) return list;
    throw notViable(name, path[from - 1] ?? '', list);
  }
  const at = Number(name);
  if (at >= list.length && !create) return list;
  const old = list[at];
  const value = from === path.length - 1 ? become(old) : inner(old, name, path, become, create, from + 1);
  if (value === old) return list;
  const out = [...list, ...Array.from({ length: Math.max(0, at - list.length) }, () => null)];
  out[at] = value ?? null;
  return out;
}

function without(document: Document, name: string): Document {
  const { [name]: _, ...rest } = document;
  return rest;
}

function notViable(field: string, name: string, value: unknown): CommandError {
  const kind = Array.isArray(value) ? 'an array' : JSON.stringify(String(value));
  return new CommandError(
    28,
    'PathNotViable',
    `Cannot create field '${field}' in element {${name}: ${kind}}`,
  );
}

/** The names of an update's path. Throws for names that no field can have. */
export function updatePath(text: string): readonly string[] {
  const path = text.split('.');
  for (const name of path) {
    if (name === '') {
      throw new CommandError(
        56,
        'EmptyFieldName',
        `The update path '${text}' contains an empty field name, which is not allowed.`,
      );
    }
    if (name.startsWith('$[') || name === '$')
      throw badValue(`the test double does not know the path '${text}'`);
    if (name.startsWith('$')) {
      throw new CommandError(
        52,
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${name}' in '${text}' is not allowed in the context of an update's replacement document.`,
      );
    }
  }
  return path;
}
