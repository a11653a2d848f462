import { keyStoreContract } from '../testing/key-store-contract.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';

keyStoreContract('memory', { open: async () => createMemoryKeyStore() });
