import { CommandError, notInTheDouble } from '../command-error.ts';
import type { Collection } from '../storage/collection.ts';
import type { IndexSpec } from '../storage/collection-index.ts';
import { type Document, documentOf, documentsOf, isDocument, isTrue, textOf } from '../values/document.ts';
import { identical } from '../values/identical.ts';
import type { CommandContext, Handler } from './context.ts';

/** Commands on the indexes of a collection. */
export const INDEXES: Readonly<Record<string, Handler>> = {
  createIndexes: (context) => {
    const { store, database, command } = context;
    const name = textOf(command.createIndexes, 'createIndexes');
    const createdCollectionAutomatically = store.find(database, name) === undefined;
    const collection = store.ensure(database, name);
    const numIndexesBefore = collection.indexes.size;
    for (const index of documentsOf(command.indexes, 'indexes')) createIndex(collection, specOf(index));
    const numIndexesAfter = collection.indexes.size;
    const note = numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {};
    return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note };
  },
  listIndexes: (context) => {
    const name = textOf(context.command.listIndexes, 'listIndexes');
    const specs = [...existing(context, name).indexes.values()].map(({ spec }) => ({ ...spec }));
    return context.cursors.open(`${context.database}.${name}`, specs, {});
  },
  dropIndexes: (context) => {
    const { command } = context;
    const collection = existing(context, textOf(command.dropIndexes, 'dropIndexes'));
    const nIndexesWas = collection.indexes.size;
    for (const name of namesToDrop(collection, command.index)) collection.dropIndex(name);
    return { nIndexesWas };
  },
};

const KNOWN_OPTIONS = ['v', 'key', 'name', 'unique', 'sparse', 'partialFilterExpression', 'background', 'ns'];

function specOf(index: Document): IndexSpec {
  const unknown = Object.keys(index).find((option) => !KNOWN_OPTIONS.includes(option));
  if (unknown !== undefined) throw notInTheDouble(`the option ${unknown} of an index`);
  const { partialFilterExpression } = index;
  return {
    v: 2,
    key: documentOf(index.key, 'key'),
    name: textOf(index.name, 'name'),
    ...(isTrue(index.unique) && { unique: true }),
    ...(isTrue(index.sparse) && { sparse: true }),
    ...(isDocument(partialFilterExpression) && { partialFilterExpression }),
  };
}

/** The same again is no error; another one under the name, or the same key under another name, is. */
function createIndex(collection: Collection, spec: IndexSpec): void {
  const named = collection.indexes.get(spec.name)?.spec;
  if (named !== undefined) {
    if (identical({ ...named }, { ...spec })) return;
    throw new CommandError(
      86,
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${spec.name}`,
    );
  }
  for (const { spec: other } of collection.indexes.values()) {
    if (!identical(other.key, spec.key)) continue;
    if (spec.partialFilterExpression !== undefined || other.partialFilterExpression !== undefined) continue;
    throw new CommandError(
      85,
      'IndexOptionsConflict',
      `Index already exists with a different name: ${other.name}`,
    );
  }
  collection.addIndex(spec);
}

function existing({ store, database }: CommandContext, name: string): Collection {
  const collection = store.find(database, name);
  if (collection !== undefined) return collection;
  throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${database}.${name}`);
}

function namesToDrop(collection: Collection, wanted: unknown): readonly string[] {
  const specs = [...collection.indexes.values()]
    .map(({ spec }) => spec)
    .filter(({ name }) => name !== '_id_');
  if (wanted === '*') return specs.map(({ name }) => name);
  if (wanted === '_id_') throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index');
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return list.map((one) => {
    const found = specs.find(({ name, key }) => name === one || identical(key, one));
    if (found !== undefined) return found.name;
    throw new CommandError(27, 'IndexNotFound', `index not found with name [${String(one)}]`);
  });
}
