import type { LeaseStore } from '@openbank/eventsourcing';
import type { Collection } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
import { isDuplicateKey } from '../connection/mongo-error.ts';
import { upserted } from '../connection/upsert.ts';

interface Lease {
  /** The lease's name. */
  readonly _id: string;
  readonly holder: string;
  /** When it runs out, by the server's clock. */
  readonly until: Date;
}

interface Holder {
  readonly _id: string;
  /** Until when it counts as alive. */
  readonly until: Date;
}

/** Milliseconds. Holders have names of their own each time: those that are gone are forgotten after a while. */
const REMEMBERED = 3_600_000;

const ALIVE = { $expr: { $gt: ['$until', '$$NOW'] } };
const RUN_OUT = { $expr: { $lte: ['$until', '$$NOW'] } };
const LONG_GONE = { $expr: { $lt: [{ $add: ['$until', REMEMBERED] }, '$$NOW'] } };

/**
 * Leases in the collection `leases`, and who is alive in `lease_holders`. Times are made and compared by the server
 * alone: clocks of processes have no say.
 */
export function openMongoLeaseStore({ database, reading, told }: MongoConnection): LeaseStore {
  const leases: Collection<Lease> = database.collection('leases');
  const holders: Collection<Holder> = database.collection('lease_holders');

  /** Whether the lease is the holder's, whoever has just inserted it. */
  async function isHeldBy(lease: string, holder: string): Promise<boolean> {
    const held = { _id: { $eq: lease }, holder: { $eq: holder }, ...ALIVE };
    return (await leases.findOne(held, reading)) !== null;
  }

  return {
    heartbeat: (holder, duration) =>
      told(async () => {
        const until = lasting(duration);
        await upserted(() =>
          holders.updateOne({ _id: { $eq: holder } }, [{ $set: { until } }], { upsert: true }),
        );
        await leases.updateMany({ holder: { $eq: holder } }, [{ $set: { until } }]);
        await holders.deleteMany(LONG_GONE);
        const [alive, held] = await Promise.all([
          holders.find(ALIVE, reading).toArray(),
          leases.find(ALIVE, reading).toArray(),
        ]);
        return {
          holders: alive.map(({ _id }) => _id).sort(),
          leases: new Map(held.map((lease) => [lease._id, lease.holder])),
        };
      }),
    acquire: (lease, holder, duration) =>
      told(async () => {
        const free = { _id: { $eq: lease }, $or: [{ holder: { $eq: holder } }, RUN_OUT] };
        // A name may begin with a dollar sign: it is no field.
        const taken = { holder: { $literal: holder }, until: lasting(duration) };
        try {
          await leases.updateOne(free, [{ $set: taken }], { upsert: true });
          return true;
        } catch (error) {
          // It is there and not free, so that MongoDB would have inserted it a second time.
          if (!isDuplicateKey(error)) throw error;
          return isHeldBy(lease, holder);
        }
      }),
    release: (lease, holder) =>
      told(async () => {
        await leases.deleteOne({ _id: { $eq: lease }, holder: { $eq: holder } });
      }),
    leave: (holder) =>
      told(async () => {
        await leases.deleteMany({ holder: { $eq: holder } });
        await holders.deleteOne({ _id: { $eq: holder } });
      }),
    // The connection is closed by whoever has made it.
    close: async () => {},
  };
}

/** So many milliseconds from now, as an expression of an update. */
function lasting(duration: number) {
  return { $add: ['$$NOW', duration] };
}
