import { leaseStoreContract } from '../testing/lease-store-contract.ts';
import { createMemoryLeaseStore } from './memory-lease-store.ts';

let time = 0;

leaseStoreContract('in memory', {
  open: async () => createMemoryLeaseStore({ now: () => time }),
  async passTime(milliseconds) {
    time += milliseconds;
  },
});
