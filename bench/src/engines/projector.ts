/**
 * A projector process as the program runs it, on the stores that its arguments name; but it reads the log only when it is
 * told to begin, so that the work can be divided among several before the time is taken.
 */
import { projections } from '@openbank/bank';
import { connect, createKurrentEventStore } from '@openbank/engine-kurrentdb';
import { connectMongo, openMongoLeaseStore, openMongoReadModelStore } from '@openbank/engine-mongodb';
import { type EventReader, type ReadAllOptions, runLeasedProjections } from '@openbank/eventsourcing';
import type { FromProjector, ToProjector } from './projector-messages.ts';

const [eventStore = '', readStore = ''] = process.argv.slice(2);
const events = await connect(eventStore);
const log = createKurrentEventStore(events);
const models = await connectMongo({ connectionString: readStore });
const ending = new AbortController();
const beginning = Promise.withResolvers<void>();
const shares = new Set<string>();
let before = process.cpuUsage();

process.on('message', (message: ToProjector) => {
  if (message === 'begin') {
    before = process.cpuUsage();
    beginning.resolve();
  } else if (message === 'end') ending.abort();
  else {
    const { user, system } = process.cpuUsage(before);
    tell({ kind: 'spent', cpu: user + system });
  }
});
// Whoever measures is gone.
process.once('disconnect', () => process.exit());

await runLeasedProjections({
  reader: waiting(log),
  store: await openMongoReadModelStore(models),
  leases: await openMongoLeaseStore(models),
  holder: `projector-${process.pid}`,
  projections,
  signal: ending.signal,
  onShare(share, news) {
    if (news === 'taken') shares.add(share);
    else shares.delete(share);
    tell({ kind: 'shares', held: shares.size });
  },
});
await log.close();
await Promise.all([events.close(), models.close()]);
process.disconnect();

function waiting(reader: EventReader): EventReader {
  async function* readAll(options?: ReadAllOptions) {
    await beginning.promise;
    yield* reader.readAll(options);
  }
  return { ...reader, readAll };
}

function tell(message: FromProjector): void {
  process.send?.(message);
}
