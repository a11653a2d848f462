import { EventSourcingError, isToBeKept, type KeyEntry, type KeyStore } from '@openbank/eventsourcing';
import { type AnyBulkWriteOperation, Binary, type Collection, type WithId } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
import { upserted } from '../connection/upsert.ts';

/** A subject's key or a named secret. Of a destroyed key the mark is left, and no bytes. */
interface Kept {
  /** The subject, or the secret's name. */
  readonly _id: string;
  readonly wrapped?: Binary;
  readonly destroyed?: true;
}

type Wrapped = Uint8Array | 'destroyed';

/** Keys that are looked at, and written, at once. */
const PAGE = 1_000;

/**
 * Keys and secrets in two collections of their own, `keys` and `secrets`, to be backed up apart. What is answered is on
 * the disks of a majority. Bytes of a destroyed key remain for a while in MongoDB's own logs (oplog, journal), wrapped.
 */
export function openMongoKeyStore({ database, reading, told }: MongoConnection): KeyStore {
  const collections = {
    key: database.collection<Kept>('keys'),
    secret: database.collection<Kept>('secrets'),
  };

  async function keep(kind: KeyEntry['kind'], name: string, wrapped: Uint8Array): Promise<Wrapped> {
    const kept = await upserted(() =>
      collections[kind].findOneAndUpdate(
        { _id: { $eq: name } },
        { $setOnInsert: { wrapped: binary(wrapped) } },
        { upsert: true, returnDocument: 'after' },
      ),
    );
    return kept === null ? lost(name) : wrappedOf(kept);
  }

  return {
    key: (subject) =>
      told(async () => {
        const kept = await collections.key.findOne({ _id: { $eq: subject } }, reading);
        return kept === null ? undefined : wrappedOf(kept);
      }),
    addKey: (subject, wrapped) => told(() => keep('key', subject, wrapped)),
    addSecret: (name, wrapped) =>
      told(async () => {
        const secret = await keep('secret', name, wrapped);
        return secret === 'destroyed' ? lost(name) : secret;
      }),
    destroyKey: (subject) =>
      told(async () => {
        const { filter, update } = destruction(subject);
        await upserted(() => collections.key.updateOne(filter, update, { upsert: true }));
      }),
    async *entries() {
      for (const kind of ['key', 'secret'] as const) {
        for await (const page of pages(collections[kind])) {
          yield page.map((kept) => ({ kind, name: kept._id, wrapped: wrappedOf(kept) }));
        }
      }
    },
    addEntries: (entries) => told(() => addEntries(collections, entries, reading)),
    isEmpty: () =>
      told(async () => {
        const [key, secret] = await Promise.all([
          collections.key.findOne({}, reading),
          collections.secret.findOne({}, reading),
        ]);
        return key === null && secret === null;
      }),
    // The connection is closed by whoever has made it.
    close: async () => {},
  };

  async function* pages(collection: Collection<Kept>): AsyncGenerator<readonly WithId<Kept>[]> {
    for (let last = ''; ; ) {
      // An empty name is the first of all.
      const after = last === '' ? { $gte: '' } : { $gt: last };
      const page = await told(() =>
        collection.find({ _id: after }, { ...reading, sort: { _id: 1 }, limit: PAGE }).toArray(),
      );
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      last = page.at(-1)?._id ?? last;
    }
  }
}

type Collections = Readonly<Record<KeyEntry['kind'], Collection<Kept>>>;

/** All are compared with what is kept before any is added. */
async function addEntries(
  collections: Collections,
  entries: readonly KeyEntry[],
  reading: MongoConnection['reading'],
): Promise<void> {
  for (const kind of ['key', 'secret'] as const) {
    // Found to be the same, or refused.
    const ofKind = entries.filter((entry) => entry.kind === kind);
    await toBeKept(collections[kind], ofKind, reading);
  }
  for (const kind of ['key', 'secret'] as const) {
    const ofKind = entries.filter((entry) => entry.kind === kind);
    for (const some of chunks(await toBeKept(collections[kind], ofKind, reading))) {
      const upserts = some.map(({ name, wrapped }): AnyBulkWriteOperation<Kept> => {
        const { filter, update } = wrapped === 'destroyed' ? destruction(name) : addition(name, wrapped);
        return { updateOne: { filter, update, upsert: true } };
      });
      await upserted(() => collections[kind].bulkWrite(upserts, { ordered: false }));
    }
    // Another one may have added a key of its own in between: then it stays, and this is refused.
    await toBeKept(collections[kind], ofKind, reading);
  }
}

/** @throws EventSourcingError `keys-differ` */
async function toBeKept(
  collection: Collection<Kept>,
  entries: readonly KeyEntry[],
  reading: MongoConnection['reading'],
): Promise<readonly KeyEntry[]> {
  const wanted: KeyEntry[] = [];
  for (const some of chunks(entries)) {
    const found = await collection.find({ _id: { $in: some.map(({ name }) => name) } }, reading).toArray();
    const kept = new Map(found.map((each) => [each._id, wrappedOf(each)]));
    wanted.push(...some.filter((entry) => isToBeKept(entry, kept.get(entry.name))));
  }
  return wanted;
}

function* chunks(entries: readonly KeyEntry[]): Generator<readonly KeyEntry[]> {
  for (let from = 0; from < entries.length; from += PAGE) yield entries.slice(from, from + PAGE);
}

function addition(name: string, wrapped: Uint8Array) {
  return { filter: { _id: { $eq: name } }, update: { $setOnInsert: { wrapped: binary(wrapped) } } };
}

function destruction(name: string) {
  const update = { $set: { destroyed: true as const }, $unset: { wrapped: true as const } };
  return { filter: { _id: { $eq: name } }, update };
}

/** A copy: the caller may do with the bytes what it likes. */
function binary(wrapped: Uint8Array): Binary {
  return new Binary(Uint8Array.from(wrapped));
}

function wrappedOf({ _id, wrapped, destroyed }: Kept): Wrapped {
  if (destroyed === true) return 'destroyed';
  return wrapped instanceof Binary ? Uint8Array.from(wrapped.value()) : lost(_id);
}

function lost(name: string): never {
  throw new EventSourcingError(
    'store-damaged',
    `The collections keys and secrets have lost ${name}: restore them from a backup.`,
  );
}
