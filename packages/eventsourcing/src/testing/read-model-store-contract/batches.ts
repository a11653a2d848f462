import { expect, test } from 'vitest';
import { created, PARCELS, type ParcelStore, position, shown } from './parcels.ts';

/** Documents and checkpoint together, by one owner. */
export function batchContract(parcels: ParcelStore): void {
  const { apply, add, everyPage } = parcels;

  test('has no checkpoint before the first one', async () => {
    expect(await parcels.checkpoint()).toBeUndefined();
  });

  test('moves the documents and the checkpoint together', async () => {
    await apply(created('a', { weight: 1n }), created('b', { weight: 2n }));
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
    expect(await parcels.store.get(PARCELS, 'b')).toEqual(shown('b', 0, { weight: 2n }));
    expect(await parcels.checkpoint()).toBe(position(1));
  });

  test('moves the checkpoint alone where no document changes', async () => {
    await apply();
    expect(await parcels.checkpoint()).toBe(position(1));
  });

  test('changes nothing the second time: the checkpoint is no longer where the batch starts', async () => {
    const batch = {
      partition: 0,
      after: undefined,
      position: position(1),
      epoch: parcels.epoch,
      changes: [created('a', { weight: 1n })],
    };
    await parcels.store.apply(PARCELS, batch);
    await expect(parcels.store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'displaced' });
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
    expect(await parcels.checkpoint()).toBe(position(1));
  });

  test.each([undefined, position(1), position(3)])(
    'refuses one that starts from %s, which is not the checkpoint',
    async (after) => {
      await apply();
      await apply();
      const batch = {
        partition: 0,
        after,
        position: position(4),
        epoch: parcels.epoch,
        changes: [created('a', {})],
      };
      await expect(parcels.store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'displaced' });
      expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
      expect(await parcels.checkpoint()).toBe(position(2));
    },
  );

  test('refuses one of an owner that another has displaced', async () => {
    const newer = await parcels.store.takeOver(PARCELS, 0);
    expect(newer).toBeGreaterThan(parcels.epoch);
    await expect(add('a', {})).rejects.toMatchObject({ code: 'displaced' });
    expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
    expect(await parcels.checkpoint()).toBeUndefined();
    parcels.epoch = newer;
    await add('a', {});
    expect(await parcels.store.get(PARCELS, 'a')).toBeDefined();
  });

  test('gives each of two who take over at once an epoch of its own, and only the last may write', async () => {
    const epochs = await Promise.all([
      parcels.store.takeOver(PARCELS, 0),
      parcels.store.takeOver(PARCELS, 0),
    ]);
    expect(new Set(epochs).size).toBe(2);
    parcels.epoch = Math.min(...epochs);
    await expect(add('a', {})).rejects.toMatchObject({ code: 'displaced' });
    parcels.epoch = Math.max(...epochs);
    await add('a', {});
  });

  test('has one owner for each model and version', async () => {
    const second = { ...PARCELS, version: 2 };
    await parcels.store.prepare(second);
    await parcels.store.takeOver(second, 0);
    await parcels.store.takeOver(second, 0);
    await add('a', {});
    expect(await parcels.store.get(PARCELS, 'a')).toBeDefined();
  });

  test('takes a thousand documents at once', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `parcel-${String(index).padStart(4, '0')}`);
    await apply(...ids.map((id, index) => created(id, { weight: BigInt(index) })).reverse());
    expect((await parcels.store.load(PARCELS, ids)).size).toBe(1000);
    expect(await everyPage({ orderBy: { field: 'weight', direction: 'ascending' }, limit: 200 })).toEqual(
      ids,
    );
  });

  test('takes a whole batch or nothing of it when a document is refused', async () => {
    const bad = created('b', { weight: 'heavy' });
    await expect(apply(created('a', {}), bad, created('c', {}))).rejects.toMatchObject({
      code: 'document-refused',
    });
    expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
    expect(await parcels.checkpoint()).toBeUndefined();
    await apply(created('a', {}), created('c', {}));
  });
}
