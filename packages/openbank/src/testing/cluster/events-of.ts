import { connect, createKurrentEventStore } from '@openbank/engine-kurrentdb';
import type { EventReader } from '@openbank/eventsourcing';
import type { Cluster } from './cluster.ts';

/** The log of a cluster, read as any other program would. */
export async function withEventsOf(
  { environment }: Cluster,
  use: (events: EventReader) => Promise<void>,
): Promise<void> {
  const connection = await connect(environment.OPENBANK_EVENT_STORE ?? '');
  const events = createKurrentEventStore(connection);
  try {
    await use(events);
  } finally {
    await events.close();
    await connection.close();
  }
}
