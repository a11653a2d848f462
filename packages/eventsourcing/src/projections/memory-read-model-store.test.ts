import { readModelStoreContract } from '../testing/read-model-store-contract.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';

readModelStoreContract('in memory', {
  open: async () => createMemoryReadModelStore(),
  openDivided: async (partitions) => createMemoryReadModelStore({ partitions }),
});
