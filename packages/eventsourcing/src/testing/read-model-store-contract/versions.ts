import { expect, test } from 'vitest';
import { leastCheckpoint } from '../../projections/partitions.ts';
import type { ReadModel } from '../../projections/read-model-store.ts';
import { created, PARCELS, type ParcelStore, position, shown } from './parcels.ts';

const SECOND: ReadModel = { ...PARCELS, version: 2, fields: { ...PARCELS.fields, colour: 'text' } };

/** Versions beside each other, the live one, and what is dropped. */
export function versionContract(parcels: ParcelStore): void {
  const { apply, add, find } = parcels;

  test('there is no live one before it is said which', async () => {
    expect(await parcels.store.liveVersion('parcels')).toBeUndefined();
    expect(await parcels.store.liveVersion('never_prepared')).toBeUndefined();
  });

  test('the live one is the one that was last said, each model having its own', async () => {
    const others: ReadModel = { ...PARCELS, name: 'others' };
    await parcels.store.prepare(SECOND);
    await parcels.store.prepare(others);
    await parcels.store.setLive(PARCELS);
    await parcels.store.setLive(PARCELS);
    expect(await parcels.store.liveVersion('parcels')).toBe(1);
    await parcels.store.setLive(SECOND);
    expect(await parcels.store.liveVersion('parcels')).toBe(2);
    expect(await parcels.store.liveVersion('others')).toBeUndefined();
    await parcels.store.setLive(PARCELS);
    expect(await parcels.store.liveVersion('parcels')).toBe(1);
  });

  test('one that was never prepared cannot be live', async () => {
    await expect(parcels.store.setLive(SECOND)).rejects.toMatchObject({ code: 'read-model-refused' });
    expect(await parcels.store.liveVersion('parcels')).toBeUndefined();
  });

  test('are listed upwards, each model by itself', async () => {
    await parcels.store.prepare({ ...PARCELS, version: 10 });
    await parcels.store.prepare(SECOND);
    await parcels.store.prepare({ ...PARCELS, name: 'parcels_v1', version: 3 });
    expect(await parcels.store.versions('parcels')).toEqual([1, 2, 10]);
    expect(await parcels.store.versions('parcels_v1')).toEqual([3]);
    expect(await parcels.store.versions('never_prepared')).toEqual([]);
  });

  test('a census counts the documents, tombstones left out, and says how far they are', async () => {
    expect(await parcels.store.census(PARCELS)).toEqual({ documents: 0, checkpoint: undefined });
    await apply(created('a', {}), created('b', {}), created('c', {}));
    await apply({ id: 'b', from: 0, revision: 1, fields: undefined });
    expect(await parcels.store.census(PARCELS)).toEqual({
      documents: 2,
      checkpoint: await leastCheckpoint(parcels.store, PARCELS),
    });
    await parcels.store.prepare(SECOND);
    expect(await parcels.store.census(SECOND)).toEqual({ documents: 0, checkpoint: undefined });
  });

  test('one that is whole has no faults, whatever it holds', async () => {
    expect(await parcels.store.faults(PARCELS)).toEqual([]);
    await apply(created('a', { owner: 'ann' }), created('b', { weight: 2n }), created('c', {}));
    await apply({ id: 'b', from: 0, revision: 1, fields: undefined });
    expect(await parcels.store.faults(PARCELS)).toEqual([]);
  });

  test('a dropped one is as if it had never been prepared, and the others stay', async () => {
    await add('a', { weight: 1n });
    await parcels.store.prepare(SECOND);
    await parcels.store.setLive(PARCELS);
    await parcels.store.drop(SECOND);
    const refused = { code: 'read-model-refused', message: expect.stringContaining('version 2') };
    await expect(parcels.store.get(SECOND, 'a')).rejects.toMatchObject(refused);
    await expect(parcels.store.find(SECOND, { limit: 1 })).rejects.toMatchObject(refused);
    await expect(parcels.store.load(SECOND, ['a'])).rejects.toMatchObject(refused);
    await expect(parcels.store.takeOver(SECOND, 0)).rejects.toMatchObject(refused);
    await expect(parcels.store.checkpoints(SECOND)).rejects.toMatchObject(refused);
    await expect(parcels.store.census(SECOND)).rejects.toMatchObject(refused);
    await expect(parcels.store.faults(SECOND)).rejects.toMatchObject(refused);
    await expect(parcels.store.setLive(SECOND)).rejects.toMatchObject(refused);
    expect(await parcels.store.versions('parcels')).toEqual([1]);
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
  });

  test('one that is dropped and prepared again is empty, and starts before the first batch', async () => {
    await apply(created('a', { weight: 1n }), created('b', { weight: 2n }));
    await find({ orderBy: { field: 'weight', direction: 'ascending' } });
    await parcels.store.drop(PARCELS);
    await parcels.store.prepare(PARCELS);
    expect(await find({})).toEqual([]);
    expect(await find({ orderBy: { field: 'weight', direction: 'ascending' } })).toEqual([]);
    expect(await parcels.store.census(PARCELS)).toEqual({ documents: 0, checkpoint: undefined });
    const epoch = await parcels.store.takeOver(PARCELS, 0);
    const changes = [created('a', { weight: 5n })];
    await parcels.store.apply(PARCELS, {
      partition: 0,
      after: undefined,
      position: position(1),
      epoch,
      changes,
    });
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 5n }));
  });

  test('one that is dropped may have other fields when it is made anew', async () => {
    await add('a', { weight: 1n });
    await parcels.store.drop(PARCELS);
    const changed: ReadModel = { ...PARCELS, fields: { weight: 'text' }, indexes: [['weight']] };
    await parcels.store.prepare(changed);
    expect(await parcels.store.get(changed, 'a')).toBeUndefined();
    expect((await parcels.store.find(changed, { where: { weight: 'x' }, limit: 1 })).documents).toEqual([]);
  });

  test('the last owner of one that was dropped has no say in it when it is made anew', async () => {
    await parcels.store.drop(PARCELS);
    await parcels.store.prepare(PARCELS);
    expect(await parcels.store.takeOver(PARCELS, 0)).toBeGreaterThan(parcels.epoch);
    await expect(add('a', {})).rejects.toMatchObject({ code: 'displaced' });
  });

  test('dropping one that is not there changes nothing', async () => {
    await parcels.store.drop(SECOND);
    await parcels.store.drop({ name: 'x"; drop table parcels_v1; --', version: 1 });
    await parcels.store.prepare(SECOND);
    await parcels.store.drop(SECOND);
    await parcels.store.drop(SECOND);
    expect(await parcels.store.versions('parcels')).toEqual([1]);
  });

  test('the live one cannot be dropped', async () => {
    await add('a', {});
    await parcels.store.setLive(PARCELS);
    await expect(parcels.store.drop(PARCELS)).rejects.toMatchObject({
      code: 'read-model-refused',
      message: expect.stringContaining('live'),
    });
    expect(await parcels.store.get(PARCELS, 'a')).toBeDefined();
  });
}
