import type { EventStore } from '@openbank/eventsourcing';
import { onTestFinished } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { createKurrentEventStore, type KurrentEventStoreOptions } from '../log/kurrent-event-store.ts';
import { type KurrentDouble, startKurrentDouble } from './double/start-kurrent-double.ts';

export interface TestEventStore {
  readonly store: EventStore;
  readonly connection: KurrentConnection;
  readonly double: KurrentDouble;
}

/** An event store on a test double of its own, both gone when the test is over. */
export async function openTestEventStore(options: KurrentEventStoreOptions = {}): Promise<TestEventStore> {
  const double = await startKurrentDouble();
  onTestFinished(() => double.stop());
  const connection = await connect(double.connectionString);
  const store = createKurrentEventStore(connection, options);
  onTestFinished(async () => {
    await store.close();
    await connection.close();
  });
  return { store, connection, double };
}
