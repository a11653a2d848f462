import { createMemoryLeaseStore } from '../leases/memory-lease-store.ts';
import { leasedProjectionsSuite } from '../testing/leased-projections-suite.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';

leasedProjectionsSuite('in memory', {
  open: async (partitions) => ({
    store: createMemoryReadModelStore({ partitions }),
    leases: createMemoryLeaseStore(),
  }),
});
