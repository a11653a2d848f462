import { projectionHistories } from '../testing/projection-histories.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';

projectionHistories('in memory', { open: async () => createMemoryReadModelStore() }, 200);
