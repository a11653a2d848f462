import { beforeEach, describe, expect, test } from 'vitest';
import { created, NOTHING, PARCELS, type ParcelStore, position, shown } from './parcels.ts';

/** One document in a batch: what it was folded from, and tombstones. */
export function changeContract(parcels: ParcelStore): void {
  const { apply, add, find } = parcels;

  describe('a change of one document', () => {
    test('replaces it where the fold started from what is stored', async () => {
      await add('a', { weight: 1n, note: 'old' });
      await apply({ id: 'a', from: 0, revision: 3, fields: { ...NOTHING, weight: 2n } });
      expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 2n }));
    });

    test.each([3, 2])(
      'is a duplicate at revision %i where revision 3 is stored, and the batch goes on',
      async (revision) => {
        await apply({ ...created('a', { weight: 3n }), revision: 3 });
        await apply({ ...created('a', { weight: 9n }), revision }, created('b', {}));
        expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 3n }));
        expect(await parcels.store.get(PARCELS, 'b')).toBeDefined();
        expect(await parcels.checkpoint()).toBe(position(2));
      },
    );

    test('is a duplicate also where it says that it started from what it makes', async () => {
      await apply({ ...created('a', { weight: 3n }), revision: 3 });
      await apply({ id: 'a', from: 3, revision: 3, fields: { ...NOTHING, weight: 9n } });
      expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 3n }));
    });

    test.each([undefined, 0, 2])(
      'is refused as displaced where the fold started from %s and 1 is stored',
      async (from) => {
        await apply({ ...created('a', { weight: 1n }), revision: 1 });
        const change = { id: 'a', from, revision: 3, fields: { ...NOTHING, weight: 3n } };
        await expect(apply(change)).rejects.toMatchObject({ code: 'displaced' });
        expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 1, { weight: 1n }));
        expect(await parcels.checkpoint()).toBe(position(1));
      },
    );

    test('is refused as displaced where the fold started from a document that is not stored', async () => {
      const change = { id: 'a', from: 0, revision: 1, fields: NOTHING };
      await expect(apply(change)).rejects.toMatchObject({ code: 'displaced' });
      expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
    });
  });

  describe('a deletion', () => {
    beforeEach(async () => {
      await apply(created('a', { owner: 'x', note: 'secret' }), created('b', { owner: 'x' }));
      await apply({ id: 'a', from: 0, revision: 4, fields: undefined });
    });

    test('is seen by no query', async () => {
      expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
      expect([...(await parcels.store.getMany(PARCELS, ['a', 'b'])).keys()]).toEqual(['b']);
      expect(await find({})).toEqual(['b']);
      expect(await find({ where: { owner: 'x' } })).toEqual(['b']);
    });

    test('leaves a tombstone of id and revision, and no field', async () => {
      const loaded = await parcels.store.load(PARCELS, ['a']);
      expect(loaded.get('a')).toMatchObject({ id: 'a', revision: 4, deleted: true });
      expect(JSON.stringify([...loaded.values()])).not.toContain('secret');
    });

    test('is not undone by a late change that is older', async () => {
      await apply({ id: 'a', from: 0, revision: 2, fields: NOTHING });
      await apply({ id: 'a', from: undefined, revision: 4, fields: NOTHING });
      expect(await parcels.store.get(PARCELS, 'a')).toBeUndefined();
    });

    test('is undone by a newer change that was folded from the tombstone', async () => {
      await apply({ id: 'a', from: 4, revision: 5, fields: { ...NOTHING, note: 'again' } });
      expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 5, { note: 'again' }));
    });

    test('is undone by a document without any value as well', async () => {
      await apply({ id: 'a', from: 4, revision: 5, fields: NOTHING });
      expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 5, {}));
    });

    test('of a document that never was leaves a tombstone too', async () => {
      await apply({ id: 'c', from: undefined, revision: 1, fields: undefined });
      expect((await parcels.store.load(PARCELS, ['c'])).get('c')).toMatchObject({
        revision: 1,
        deleted: true,
      });
    });
  });

  describe('loading', () => {
    test('answers what there is of the documents asked for', async () => {
      await apply(created('a', { weight: 1n }), created('b', {}));
      const loaded = await parcels.store.load(PARCELS, ['b', 'a', 'nowhere']);
      expect([...loaded.keys()].sort()).toEqual(['a', 'b']);
      expect(loaded.get('a')).toEqual({ ...shown('a', 0, { weight: 1n }), deleted: false });
    });

    test('answers nothing when nothing is asked for', async () => {
      expect((await parcels.store.load(PARCELS, [])).size).toBe(0);
    });
  });
}
