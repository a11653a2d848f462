import {
  type ModelVersion,
  notPrepared,
  type ReadModel,
  readModelKey,
  stillLive,
} from '@openbank/eventsourcing';
import type { Db, ObjectId } from 'mongodb';
import { upserted } from '../connection/upsert.ts';
import { findDeclaration } from './declarations.ts';

/** The pointer to the version of a read model that queries are answered from. */
interface Live {
  /** The model's name. */
  readonly _id: string;
  readonly version: number;
  /** Of its collection: another one of the same name is not live, it is being filled again. */
  readonly born: ObjectId;
}

export async function liveVersion(
  database: Db,
  name: string,
  maxTimeMS: number,
): Promise<number | undefined> {
  const live = await liveVersions(database).findOne({ _id: { $eq: name } }, { maxTimeMS });
  if (live === null) return undefined;
  const { version } = live;
  const declared = await findDeclaration(database, { name, version }, maxTimeMS);
  return declared?.born.equals(live.born) ? version : undefined;
}

/** @throws ReadModelRefused - never prepared */
export async function setLive(database: Db, model: ReadModel, maxTimeMS: number): Promise<void> {
  const declared = await findDeclaration(database, model, maxTimeMS);
  if (declared === undefined) throw notPrepared(model);
  const { name, version } = model;
  await upserted(() =>
    liveVersions(database).updateOne(
      { _id: name },
      { $set: { version, born: declared.born } },
      { upsert: true },
    ),
  );
}

/** The versions that have a collection. */
export async function keptVersions(database: Db, name: string): Promise<readonly number[]> {
  const collections = await database.listCollections({}, { nameOnly: true }).toArray();
  const prefix = `${name}_v`;
  return collections
    .filter((collection) => collection.name.startsWith(prefix))
    .map((collection) => collection.name.slice(prefix.length))
    .filter((version) => /^[1-9]\d*$/.test(version))
    .map(Number)
    .sort((a, b) => a - b);
}

/** @throws ReadModelRefused - it is live */
export async function dropVersion(database: Db, model: ModelVersion, maxTimeMS: number): Promise<void> {
  const kept = await keptVersions(database, model.name);
  if (!kept.includes(model.version)) return;
  if ((await liveVersion(database, model.name, maxTimeMS)) === model.version) throw stillLive(model);
  // Its documents, checkpoints and declaration in one step, whose time does not depend on how many there are.
  await database.dropCollection(readModelKey(model));
}

function liveVersions(database: Db) {
  return database.collection<Live>('live_versions');
}
