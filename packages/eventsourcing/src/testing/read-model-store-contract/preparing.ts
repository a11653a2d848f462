import { expect, test } from 'vitest';
import { leastCheckpoint } from '../../projections/partitions.ts';
import type { ReadModel } from '../../projections/read-model-store.ts';
import { PARCELS, type ParcelStore, position, shown } from './parcels.ts';

/** What a store is told of a model. */
export function preparingContract(parcels: ParcelStore): void {
  const { add } = parcels;

  test('is the same however often it is done, and keeps what is stored', async () => {
    await add('a', { weight: 1n });
    await parcels.store.prepare(PARCELS);
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
    expect(await parcels.checkpoint()).toBe(position(1));
  });

  test('gives a model that is already stored an index that was declared later', async () => {
    await add('a', { owner: 'x', note: 'n', weight: 7n });
    const indexed = { ...PARCELS, indexes: [...PARCELS.indexes, ['note', 'weight']] };
    await parcels.store.prepare(indexed);
    const page = await parcels.store.find(indexed, { where: { note: 'n', weight: 7n }, limit: 10 });
    expect(page.documents).toHaveLength(1);
  });

  test('refuses other fields under the same version', async () => {
    const changed: ReadModel = { ...PARCELS, fields: { ...PARCELS.fields, weight: 'text' }, indexes: [] };
    await expect(parcels.store.prepare(changed)).rejects.toMatchObject({
      code: 'read-model-refused',
      message: expect.stringContaining('raise its version'),
    });
  });

  test('keeps versions apart', async () => {
    const second = { ...PARCELS, version: 2 };
    await parcels.store.prepare(second);
    await add('a', { weight: 1n });
    expect(await parcels.store.get(second, 'a')).toBeUndefined();
    expect(await leastCheckpoint(parcels.store, second)).toBeUndefined();
  });

  test.each([
    ['a model name', { ...PARCELS, name: 'Parcels' }],
    ['a model name', { ...PARCELS, name: 'parcels"; drop table parcels_v1; --' }],
    ['a model name', { ...PARCELS, name: '' }],
    ['a version', { ...PARCELS, version: 0 }],
    ['a field name', { ...PARCELS, fields: { 'no good': 'text' }, indexes: [] }],
    ['a field that every document has', { ...PARCELS, fields: { revision: 'integer' }, indexes: [] }],
    ['an index on a field that there is not', { ...PARCELS, indexes: [['nothing']] }],
    ['an index on a json field', { ...PARCELS, indexes: [['details']] }],
    ['an index without fields', { ...PARCELS, indexes: [[]] }],
  ] satisfies readonly (readonly [string, ReadModel])[])(
    'refuses %s that it cannot keep',
    async (_, model) => {
      await expect(parcels.store.prepare(model)).rejects.toMatchObject({ code: 'read-model-refused' });
    },
  );

  test('answers a model that was never prepared with an error that names it', async () => {
    const unknown: ReadModel = { ...PARCELS, name: 'never_prepared' };
    const refused = { code: 'read-model-refused', message: expect.stringContaining('never_prepared') };
    const batch = { partition: 0, after: undefined, position: position(1), epoch: 1, changes: [] };
    await expect(parcels.store.takeOver(unknown, 0)).rejects.toMatchObject(refused);
    await expect(parcels.store.load(unknown, ['a'])).rejects.toMatchObject(refused);
    await expect(parcels.store.apply(unknown, batch)).rejects.toMatchObject(refused);
    await expect(parcels.store.get(unknown, 'a')).rejects.toMatchObject(refused);
    await expect(parcels.store.find(unknown, { limit: 1 })).rejects.toMatchObject(refused);
    await expect(parcels.store.checkpoints(unknown)).rejects.toMatchObject(refused);
  });
}
