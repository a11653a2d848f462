import type { Db } from 'mongodb';
import { misconfigured } from '../connection/misconfigured.ts';
import { upserted } from '../connection/upsert.ts';

interface Setting {
  readonly _id: string;
  readonly value: number;
}

const PARTITIONS = 'partitions';
const MOST = 1_024;

/** The number that a database was made with, for ever; undefined where nobody has made it yet. */
export async function partitionsKept(database: Db, maxTimeMS: number): Promise<number | undefined> {
  const kept = await settings(database).findOne({ _id: PARTITIONS }, { maxTimeMS });
  return kept?.value;
}

/** Makes a database with so many partitions, unless it has been made: then with its own, which is answered. */
export async function keepPartitions(database: Db, wanted: number): Promise<number> {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST) {
    throw misconfigured(`There cannot be ${wanted} partitions: 1 to ${MOST} are possible.`);
  }
  const kept = await upserted(() =>
    settings(database).findOneAndUpdate(
      { _id: PARTITIONS },
      { $setOnInsert: { value: wanted } },
      { upsert: true, returnDocument: 'after' },
    ),
  );
  return kept?.value ?? wanted;
}

function settings(database: Db) {
  return database.collection<Setting>('settings');
}
