import { CommandError } from '../command-error.ts';
import { type Collection, createCollection } from './collection.ts';

/** All databases of a server. */
export interface Store {
  /** Names of databases, and of their collections. */
  readonly databases: ReadonlyMap<string, ReadonlyMap<string, Collection>>;
  find(database: string, name: string): Collection | undefined;
  /** Creates what is not there, as the first write does. */
  ensure(database: string, name: string): Collection;
  drop(database: string, name: string): boolean;
  dropDatabase(database: string): void;
  rename(
    from: readonly [database: string, name: string],
    to: readonly [database: string, name: string],
  ): void;
}

export function createStore(): Store {
  const databases = new Map<string, Map<string, Collection>>();

  const find = (database: string, name: string) => databases.get(database)?.get(name);

  function ensure(database: string, name: string): Collection {
    const known = find(database, name);
    if (known !== undefined) return known;
    checkName(name);
    const made = createCollection(`${database}.${name}`);
    const collections = databases.get(database) ?? new Map<string, Collection>();
    databases.set(database, collections.set(name, made));
    return made;
  }

  return {
    databases,
    find,
    ensure,
    drop: (database, name) => databases.get(database)?.delete(name) === true,
    dropDatabase: (database) => void databases.delete(database),
    rename([fromDatabase, from], [toDatabase, to]) {
      const source = find(fromDatabase, from);
      if (source === undefined)
        throw new CommandError(
          26,
          'NamespaceNotFound',
          `Source collection ${fromDatabase}.${from} does not exist`,
        );
      const target = ensure(toDatabase, to);
      for (const { spec } of source.indexes.values()) if (spec.name !== '_id_') target.addIndex(spec);
      for (const { document } of source.records) target.apply(target.newRecord(), { after: document });
      databases.get(fromDatabase)?.delete(from);
    },
  };
}

/** Source: manual, "MongoDB Limits and Thresholds", Naming Restrictions. */
function checkName(name: string): void {
  if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('.')) {
    throw new CommandError(73, 'InvalidNamespace', `Invalid collection name: ${name}`);
  }
}
