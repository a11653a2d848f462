import { projectionRunnerSuite } from '../testing/projection-runner-suite.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';

projectionRunnerSuite('in memory', {
  open: async () => createMemoryReadModelStore(),
  openDivided: async (partitions) => createMemoryReadModelStore({ partitions }),
});
