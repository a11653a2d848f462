import { badValue, CommandError, notInTheDouble } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { type Document, documentOf, isTrue, textOf } from '../values/document.ts';
import type { CommandContext, Handler } from './context.ts';

/** Commands on collections and databases as wholes. */
export const COLLECTIONS: Readonly<Record<string, Handler>> = {
  create: ({ store, database, command }) => {
    const name = textOf(command.create, 'create');
    for (const option of ['capped', 'timeseries', 'validator', 'viewOn', 'collation']) {
      if (command[option] !== undefined && command[option] !== false)
        throw notInTheDouble(`collections with ${option}`);
    }
    if (store.find(database, name) !== undefined) {
      throw new CommandError(48, 'NamespaceExists', `Collection ${database}.${name} already exists.`);
    }
    store.ensure(database, name);
    return {};
  },
  drop: ({ store, database, command }) => {
    const name = textOf(command.drop, 'drop');
    const indexes = store.find(database, name)?.indexes.size;
    store.drop(database, name);
    return indexes === undefined ? {} : { ns: `${database}.${name}`, nIndexesWas: indexes };
  },
  dropDatabase: ({ store, database }) => {
    const existed = store.databases.has(database);
    store.dropDatabase(database);
    return existed ? { dropped: database } : {};
  },
  listCollections,
  listDatabases: ({ store }) => ({
    databases: [...store.databases.keys()].map((name) => ({ name, sizeOnDisk: 0, empty: false })),
    totalSize: 0,
  }),
  renameCollection: ({ store, command }) => {
    const [from, to] = [split(command.renameCollection), split(command.to)];
    if (store.find(...to) !== undefined) {
      if (!isTrue(command.dropTarget))
        throw new CommandError(48, 'NamespaceExists', 'target namespace exists');
      store.drop(...to);
    }
    store.rename(from, to);
    return {};
  },
};

function split(namespace: unknown): readonly [database: string, name: string] {
  const text = textOf(namespace, 'a namespace');
  const dot = text.indexOf('.');
  if (dot < 1) throw badValue(`Invalid namespace specified '${text}'`);
  return [text.slice(0, dot), text.slice(dot + 1)];
}

function listCollections({ store, database, command, cursors, variables }: CommandContext): Document {
  const matches = compileFilter(documentOf(command.filter ?? {}, 'filter'), variables);
  const all = [...(store.databases.get(database)?.keys() ?? [])].map((name) => ({
    name,
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
  }));
  return cursors.open(`${database}.$cmd.listCollections`, all.filter(matches), {});
}
