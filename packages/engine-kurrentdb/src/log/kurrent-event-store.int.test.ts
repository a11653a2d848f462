import { eventStoreContract } from '@openbank/eventsourcing/testing';
import { connect } from '../connection/connect.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createKurrentEventStore } from './kurrent-event-store.ts';

eventStoreContract({
  name: 'the KurrentDB engine',
  // A real server holds what others have written.
  startsEmpty: process.env.OPENBANK_TEST_KURRENTDB === undefined,
  open: async () => {
    const server = await startTestServer();
    const connection = await connect(server.connectionString);
    let store = createKurrentEventStore(connection);
    return {
      store,
      reopen: async () => {
        store = createKurrentEventStore(connection);
        return store;
      },
      async close() {
        await store.close();
        await connection.close();
        await server.stop();
      },
    };
  },
});
