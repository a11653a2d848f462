import { EventSourcingError } from '@openbank/eventsourcing';
import type { Db } from 'mongodb';

/** Of MongoDB 7.0: https://github.com/mongodb/mongo/blob/v7.0/src/mongo/db/wire_version.h */
const LEAST_WIRE_VERSION = 21;

/**
 * Majority writes that outlive a primary, and transactions, are there on replica sets only, be it one of a single node.
 *
 * @throws EventSourcingError `store-unavailable` - it is none, or too old
 */
export async function checkServer(admin: Pick<Db, 'command'>): Promise<void> {
  const { maxWireVersion, setName, msg } = await admin.command({ hello: 1 });
  if (typeof maxWireVersion !== 'number' || maxWireVersion < LEAST_WIRE_VERSION) {
    throw refused('older than MongoDB 7.0: upgrade it');
  }
  if (typeof setName === 'string' || msg === 'isdbgrid') return;
  throw refused('no replica set: start mongod with --replSet, and call rs.initiate() once');
}

function refused(what: string): EventSourcingError {
  return new EventSourcingError('store-unavailable', `It is ${what}.`);
}
