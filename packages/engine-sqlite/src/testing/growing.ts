import type { ReadModelStore } from '@openbank/eventsourcing';

/** The store, to which every model is one that grows. */
export function growing(store: ReadModelStore): ReadModelStore {
  return { ...store, prepare: (model) => store.prepare({ ...model, grows: true }) };
}
