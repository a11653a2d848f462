import { snapshotStoreContract } from '../testing/snapshot-store-contract.ts';
import { createMemorySnapshotStore } from './memory-snapshot-store.ts';

snapshotStoreContract('in memory', { open: async (keep) => createMemorySnapshotStore({ keep }) });
