import type { Db } from 'mongodb';
import { misconfigured } from './misconfigured.ts';

/** Of MongoDB 7.0: https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/wire_version.h */
const LEAST_WIRE_VERSION = 21;

export const TOO_OLD = 'It is older than MongoDB 7.0: upgrade it.';
export const NO_REPLICA_SET =
  'It is no replica set: start mongod with --replSet, and call rs.initiate() once; a set of one member will do.';

/**
 * Majority writes that outlive a primary, and transactions, are there on replica sets only, be it one of a single node.
 *
 * @throws EventSourcingError `store-misconfigured` - it is none, or too old
 */
export async function checkServer(admin: Pick<Db, 'command'>): Promise<void> {
  const { maxWireVersion, setName, msg } = await admin.command({ hello: 1 });
  if (typeof maxWireVersion !== 'number' || maxWireVersion < LEAST_WIRE_VERSION) throw misconfigured(TOO_OLD);
  if (typeof setName !== 'string' && msg !== 'isdbgrid') throw misconfigured(NO_REPLICA_SET);
}
