import { eventStoreContract } from '../testing/event-store-contract.ts';
import { createMemoryEventStore } from './memory-event-store.ts';

eventStoreContract({
  name: 'the memory engine',
  open: async () => {
    const store = createMemoryEventStore();
    return { store, close: () => store.close() };
  },
});
