import { expect, test } from 'vitest';
import type { ReadModelStore } from '../../projections/read-model-store.ts';
import { created, PARCELS, type ParcelStore, position, shown } from './parcels.ts';

/** What outlives the process. */
export function reopeningContract(parcels: ParcelStore, reopen: () => Promise<ReadModelStore>): void {
  const { apply } = parcels;

  test('finds documents, tombstones, checkpoint and owner as they were', async () => {
    await apply(created('a', { weight: 2n ** 53n + 1n, details: { list: [1] } }), created('b', {}));
    await apply({ id: 'b', from: 0, revision: 7, fields: undefined });
    await parcels.store.close();
    parcels.store = await reopen();
    await parcels.store.prepare(PARCELS);
    expect(await parcels.checkpoint()).toBe(position(2));
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(
      shown('a', 0, { weight: 2n ** 53n + 1n, details: { list: [1] } }),
    );
    const tombstone = (await parcels.store.load(PARCELS, ['b'])).get('b');
    expect(tombstone).toMatchObject({ revision: 7, deleted: true });
    const old = {
      partition: 0,
      after: position(2),
      position: position(3),
      epoch: parcels.epoch,
      changes: [],
    };
    expect(await parcels.store.takeOver(PARCELS, 0)).toBeGreaterThan(parcels.epoch);
    await expect(parcels.store.apply(PARCELS, old)).rejects.toMatchObject({ code: 'displaced' });
  });

  test('finds the versions, the live one and what was dropped as they were', async () => {
    await parcels.store.prepare({ ...PARCELS, version: 2 });
    await parcels.store.prepare({ ...PARCELS, version: 3 });
    await parcels.store.setLive({ ...PARCELS, version: 3 });
    await parcels.store.drop({ name: 'parcels', version: 2 });
    await parcels.store.close();
    parcels.store = await reopen();
    expect(await parcels.store.versions('parcels')).toEqual([1, 3]);
    expect(await parcels.store.liveVersion('parcels')).toBe(3);
  });
}
