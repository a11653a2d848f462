import type { Batch, ReadModel, ReadModelStore } from '../../projections/read-model-store.ts';

/** A store that applies nothing to some of its models until it is told to. */
export interface HeldStore {
  readonly store: ReadModelStore;
  /** Resolves when a batch is held back. */
  readonly holding: Promise<void>;
  /** Lets all batches through from now on. */
  release(): void;
}

export function holdingBack(store: ReadModelStore, isHeld: (model: ReadModel) => boolean): HeldStore {
  const [holding, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held: ReadModelStore = {
    ...store,
    async apply(model, batch) {
      if (isHeld(model)) {
        holding.resolve();
        await released.promise;
      }
      await store.apply(model, batch);
    },
  };
  return { store: held, holding: holding.promise, release: () => released.resolve() };
}

/** A store that keeps the batches of a model, as they come. */
export function keepingBatches(
  store: ReadModelStore,
  name: string,
): { readonly store: ReadModelStore; readonly batches: readonly Batch[] } {
  const batches: Batch[] = [];
  const keeping: ReadModelStore = {
    ...store,
    async apply(model, batch) {
      if (model.name === name) batches.push(batch);
      await store.apply(model, batch);
    },
  };
  return { store: keeping, batches };
}
