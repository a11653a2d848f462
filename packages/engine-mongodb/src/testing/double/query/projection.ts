import { CommandError } from '../command-error.ts';
import { withPath } from '../updates/set-path.ts';
import { type Document, isDocument, type MutableDocument } from '../values/document.ts';
import { pathOf } from '../values/path.ts';
import { compileExpression } from './expression.ts';
import type { Variables } from './variables.ts';

type Project = (document: Document) => Document;

/** Makes a projection ready: either fields to show and to compute, or fields to leave out. */
export function compileProjection(projection: Document, variables: Variables): Project {
  const entries = Object.entries(flat(projection));
  if (entries.length === 0) return (document) => document;
  const others = entries.filter(([name]) => name !== '_id');
  const hiding = others.length === 0 ? isOff(entries[0]?.[1]) : isOff(others[0]?.[1]);
  if (others.some(([, value]) => isOff(value) !== hiding)) {
    throw new CommandError(31254, 'Location31254', 'Cannot do exclusion and inclusion in one projection');
  }
  return hiding ? without(entries) : showing(entries, variables);
}

/** Embedded documents as dotted paths. */
function flat(projection: Document, prefix = ''): MutableDocument {
  const out: MutableDocument = {};
  for (const [name, value] of Object.entries(projection)) {
    const operator = isDocument(value) && Object.keys(value).some((key) => key.startsWith('$'));
    if (isDocument(value) && !operator) Object.assign(out, flat(value, `${prefix}${name}.`));
    else out[prefix + name] = value;
  }
  return out;
}

function isOff(value: unknown): boolean {
  return value === 0 || value === false || value === 0n;
}

function isOn(value: unknown): boolean {
  return (
    value === true ||
    (typeof value === 'number' && value !== 0) ||
    (typeof value === 'bigint' && value !== 0n)
  );
}

type Entry = readonly [name: string, value: unknown];

function without(entries: readonly Entry[]): Project {
  const paths = entries.filter(([, value]) => isOff(value)).map(([name]) => pathOf(name));
  return (document) => paths.reduce<Document>((all, path) => removed(all, path), document);
}

function removed(document: Document, path: readonly string[]): Document {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return withPath(document, path, () => undefined, false);
  return withPath(document, [name], (value) => inside(value, (inner) => removed(inner, rest)), false);
}

function inside(value: unknown, change: Project): unknown {
  if (isDocument(value)) return change(value);
  return Array.isArray(value) ? value.map((element) => inside(element, change)) : value;
}

/** Fields that are there keep the order of the document; computed ones follow. */
function showing(entries: readonly Entry[], variables: Variables): Project {
  const shown = entries
    .filter(([name, value]) => isOn(value) && name !== '_id')
    .map(([name]) => pathOf(name));
  const id = entries.find(([name]) => name === '_id')?.[1];
  const all = isOff(id) || (id !== undefined && !isOn(id)) ? shown : [['_id'], ...shown];
  const computed = entries
    .filter(([, value]) => !(isOn(value) || isOff(value)))
    .map(([name, expression]) => [pathOf(name), compileExpression(expression)] as const);
  return (document) => {
    const kept = picked(document, all);
    const scope = { document, variables };
    return computed.reduce((out, [path, evaluate]) => withPath(out, path, () => evaluate(scope), true), kept);
  };
}

function picked(document: Document, paths: readonly (readonly string[])[]): Document {
  const out: MutableDocument = {};
  for (const [name, value] of Object.entries(document)) {
    const of = paths.filter(([first]) => first === name);
    if (of.length === 0) continue;
    if (of.some((path) => path.length === 1)) out[name] = value;
    else {
      const part = pickedInside(
        value,
        of.map((path) => path.slice(1)),
      );
      if (part !== undefined) out[name] = part;
    }
  }
  return out;
}

function pickedInside(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (isDocument(value)) return picked(value, paths);
  if (!Array.isArray(value)) return undefined;
  return value.map((element) => pickedInside(element, paths)).filter((element) => element !== undefined);
}
