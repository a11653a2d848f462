import type { LeaseStore } from '@openbank/eventsourcing';
import type { Collection } from 'mongodb';
import type { MongoConnection } from '../connection/connection.ts';
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
const LONG_GONE = { $expr: { $lt: [{ $add: ['$until', REMEMBERED] }, '$$NOW'] } };

/**
 * Leases in the collection `leases`, and who is alive in `lease_holders`. Times are made and compared by the server
 * alone: clocks of processes have no say.
 */
export function openMongoLeaseStore({ database, reading, told }: MongoConnection): LeaseStore {
  const leases: Collection<Lease> = database.collection('leases');
  const holders: Collection<Holder> = database.collection('lease_holders');

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
        const taken = await upserted(() =>
          leases.findOneAndUpdate({ _id: { $eq: lease } }, taking(holder, duration), {
            upsert: true,
            returnDocument: 'after',
          }),
        );
        return taken?.holder === holder;
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

/**
 * The update that gives a lease to a holder, unless another one has it. What decides is in the update and not in its
 * filter: MongoDB takes no `$expr`, which alone knows the server's time, in the filter of an upsert.
 */
function taking(holder: string, duration: number) {
  // A name may begin with a dollar sign: it is no field.
  const name = { $literal: holder };
  const isFree = {
    $or: [{ $eq: ['$holder', name] }, { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }],
  };
  return [
    {
      $set: {
        holder: { $cond: [isFree, name, '$holder'] },
        until: { $cond: [isFree, lasting(duration), '$until'] },
      },
    },
  ];
}
