import { expect, test } from 'vitest';
import { partitionsOf } from '../../projections/partitions.ts';
import type { DocumentChange, ReadModel } from '../../projections/read-model-store.ts';
import { created, PARCELS, type ParcelStore, position } from './parcels.ts';

const TOTALS: ReadModel = {
  name: 'totals',
  version: 1,
  order: 'log',
  fields: { weight: 'integer', position: 'text' },
  indexes: [],
};

/** Parts of a model, each with an owner and a checkpoint of its own. The store has several. */
export function partitionContract(parcels: ParcelStore): void {
  /** The next batch of an owner of a partition. */
  async function applyTo(
    partition: number,
    epoch: number,
    step: { readonly after?: number; readonly to: number },
    ...changes: readonly DocumentChange[]
  ): Promise<void> {
    const after = step.after === undefined ? undefined : position(step.after);
    await parcels.store.apply(PARCELS, { partition, after, position: position(step.to), epoch, changes });
  }

  const displaced = { code: 'displaced' };

  test('there is a checkpoint for each, none before its first batch', async () => {
    const { store } = parcels;
    expect(store.partitions).toBeGreaterThan(1);
    expect(await store.checkpoints(PARCELS)).toEqual(Array(partitionsOf(PARCELS, store)).fill(undefined));
  });

  test('totals, which need the order of the whole log, have one', async () => {
    const { store } = parcels;
    await store.prepare(TOTALS);
    expect(await store.checkpoints(TOTALS)).toEqual([undefined]);
    const epoch = await store.takeOver(TOTALS, 0);
    await store.apply(TOTALS, { partition: 0, after: undefined, position: position(1), epoch, changes: [] });
    expect(await store.checkpoints(TOTALS)).toEqual([position(1)]);
    expect(await store.census(TOTALS)).toEqual({ documents: 0, checkpoint: position(1) });
  });

  test('each moves by itself, and their documents are those of one model', async () => {
    const { store } = parcels;
    const second = await store.takeOver(PARCELS, 1);
    await applyTo(0, parcels.epoch, { to: 5 }, created('a', { weight: 1n }));
    await applyTo(1, second, { to: 3 }, created('b', { weight: 2n }));
    await applyTo(1, second, { after: 3, to: 4 });
    expect((await store.checkpoints(PARCELS)).slice(0, 2)).toEqual([position(5), position(4)]);
    expect(await parcels.find({})).toEqual(['a', 'b']);
  });

  test('a batch starts from the checkpoint of its own', async () => {
    const second = await parcels.store.takeOver(PARCELS, 1);
    await applyTo(0, parcels.epoch, { to: 5 });
    await expect(applyTo(1, second, { after: 5, to: 6 })).rejects.toMatchObject(displaced);
    await applyTo(1, second, { to: 6 });
  });

  test('an owner that is displaced changes nothing, and the owners of the others go on', async () => {
    const { store } = parcels;
    const first = parcels.epoch;
    const second = await store.takeOver(PARCELS, 1);
    const third = await store.takeOver(PARCELS, 1);
    expect(third).toBeGreaterThan(second);
    await expect(applyTo(1, second, { to: 2 }, created('b', {}))).rejects.toMatchObject(displaced);
    expect(await store.get(PARCELS, 'b')).toBeUndefined();
    await applyTo(0, first, { to: 2 }, created('a', {}));
    await applyTo(1, third, { to: 2 }, created('b', {}));
    expect(await parcels.find({})).toEqual(['a', 'b']);
  });

  test('the epoch of one is worth nothing in another', async () => {
    for (let taken = 0; taken < 3; taken++) await parcels.store.takeOver(PARCELS, 1);
    const epoch = await parcels.store.takeOver(PARCELS, 1);
    await expect(applyTo(0, epoch, { to: 1 }, created('a', {}))).rejects.toMatchObject(displaced);
    expect(await parcels.checkpoint()).toBeUndefined();
  });

  test('the model is as far as the one that is least far', async () => {
    const { store } = parcels;
    for (let partition = 0; partition < store.partitions; partition++) {
      expect(await store.census(PARCELS)).toMatchObject({ checkpoint: undefined });
      const epoch = await store.takeOver(PARCELS, partition);
      await applyTo(partition, epoch, { to: 9 - partition });
    }
    const checkpoint = position(9 - (store.partitions - 1));
    expect(await store.census(PARCELS)).toEqual({ documents: 0, checkpoint });
  });

  test('those of a version that is dropped and prepared again start before their first batch', async () => {
    const { store } = parcels;
    const second = await store.takeOver(PARCELS, 1);
    await applyTo(1, second, { to: 1 });
    await store.drop(PARCELS);
    await store.prepare(PARCELS);
    expect(await store.checkpoints(PARCELS)).toEqual(Array(store.partitions).fill(undefined));
    expect(await store.takeOver(PARCELS, 1)).toBeGreaterThan(second);
    await expect(applyTo(1, second, { to: 1 })).rejects.toMatchObject(displaced);
  });
}
