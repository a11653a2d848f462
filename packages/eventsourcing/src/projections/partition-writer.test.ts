import { expect, it } from 'vitest';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';
import { createPartitionWriter } from './partition-writer.ts';
import type { ReadModel, ReadModelStore } from './read-model-store.ts';

const model: ReadModel = { name: 'parcels', version: 1, fields: { weight: 'integer' }, indexes: [] };
const retrying = { signal: new AbortController().signal, firstDelay: 1, longestDelay: 1 };
const change = (id: string) => ({ id, from: undefined, revision: 0, fields: { weight: 1n } });

/** A store of whose batches the first is never answered: it is done, or it is not. */
function silent(done: boolean): ReadModelStore {
  const store = createMemoryReadModelStore();
  let applied = 0;
  return {
    ...store,
    async apply(...batch) {
      if (applied++ > 0) return store.apply(...batch);
      if (done) await store.apply(...batch);
      return new Promise(() => {});
    },
  };
}

it.each([true, false])(
  'a batch that is never answered is written again, whether it was done or not: %s',
  async (done) => {
    const store = silent(done);
    const waited: unknown[] = [];
    const onWaiting = (error: unknown) => void waited.push(error);
    const writer = createPartitionWriter({ model, partition: 0, store, retrying, patience: 20, onWaiting });
    await writer.takeOver();
    await writer.write('1', [change('a')]);
    await writer.write('2', [change('b')]);
    expect(waited).toMatchObject([{ code: 'store-unavailable' }]);
    expect(await store.checkpoints(model)).toEqual(['2']);
    expect((await store.find(model, { limit: 9 })).documents.map(({ id }) => id)).toEqual(['a', 'b']);
  },
);
