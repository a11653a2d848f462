import { beforeEach, expect, test } from 'vitest';
import type { Query } from '../../projections/read-model-store.ts';
import { created, NOTHING, PARCELS, type ParcelStore } from './parcels.ts';

/** Filters, order and pages. */
export function findingContract(parcels: ParcelStore): void {
  const { apply, find, everyPage } = parcels;

  const weights = { d: 2n, b: 1n, e: 2n, a: 2n, c: -1n, f: null };
  beforeEach(async () => {
    const changes = Object.entries(weights).map(([id, weight]) =>
      created(id, { weight, owner: id < 'd' ? 'first' : 'second', note: `n-${id}` }),
    );
    await apply(...changes);
  });

  test('lists by id where nothing else is said', async () => {
    expect(await find({})).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await find({ orderBy: { field: 'id', direction: 'descending' } })).toEqual([
      ...['f', 'e', 'd', 'c', 'b', 'a'],
    ]);
  });

  test('gives many by their ids, as it gives each, and leaves out those that there are not', async () => {
    const wanted = ['e', 'nobody', "it's", 'a', 'a'];
    const found = await parcels.store.getMany(PARCELS, wanted);
    const [a, e] = [await parcels.store.get(PARCELS, 'a'), await parcels.store.get(PARCELS, 'e')];
    expect(Object.fromEntries(found)).toEqual({ a, e });
    expect(await parcels.store.getMany(PARCELS, [])).toEqual(new Map());
  });

  test('filters by equality on an indexed field', async () => {
    expect(await find({ where: { owner: 'first' } })).toEqual(['a', 'b', 'c']);
    expect(await find({ where: { owner: 'nobody' } })).toEqual([]);
    expect(await find({ where: { weight: 2n } })).toEqual(['a', 'd', 'e']);
  });

  test('filters by null as by a value', async () => {
    expect(await find({ where: { weight: null } })).toEqual(['f']);
  });

  test('answers a second filter as if there had been no first', async () => {
    await find({ where: { owner: 'first' } });
    expect(await find({ where: { owner: 'second' } })).toEqual(['d', 'e', 'f']);
    expect(await find({ where: { note: 'n-a' } })).toEqual(['a']);
    expect(await find({})).toHaveLength(6);
  });

  test('filters by several fields in any order', async () => {
    expect(await find({ where: { owner: 'first', weight: 2n } })).toEqual(['a']);
    expect(await find({ where: { weight: 2n, owner: 'second' } })).toEqual(['d', 'e']);
  });

  test('sorts, null first, ties by id', async () => {
    const orderBy = { field: 'weight', direction: 'ascending' } as const;
    expect(await find({ orderBy })).toEqual(['f', 'c', 'b', 'a', 'd', 'e']);
    expect(await find({ orderBy, where: { owner: 'second' } })).toEqual(['f', 'd', 'e']);
  });

  test('sorts downwards exactly the other way round', async () => {
    const orderBy = { field: 'weight', direction: 'descending' } as const;
    expect(await find({ orderBy })).toEqual(['e', 'd', 'a', 'b', 'c', 'f']);
  });

  test('sorts integers as numbers and text by its UTF-8 bytes', async () => {
    const texts = ['Z', 'a', 'aa', 'ä', '\uffee', '\u{1F680}', ''];
    await apply(...texts.map((note, index) => created(`t${index}`, { note, owner: 'texts', weight: 10n })));
    await apply(created('t9', { owner: 'texts', note: null, weight: 9n }));
    const where = { owner: 'texts' };
    const byNote = await find({ where, orderBy: { field: 'note', direction: 'ascending' } });
    expect(byNote).toEqual(['t9', 't6', 't0', 't1', 't2', 't3', 't4', 't5']);
    const byWeight = await find({ where, orderBy: { field: 'weight', direction: 'ascending' } });
    expect(byWeight[0]).toBe('t9');
  });

  const orders = (['id', 'weight'] as const).flatMap((field) =>
    (['ascending', 'descending'] as const).map((direction) => ({ field, direction })),
  );
  test.each(orders)('gives in pages what it gives at once, by $field $direction', async (orderBy) => {
    for (const limit of [1, 2, 3, 5, 6, 7]) {
      expect(await everyPage({ orderBy, limit })).toEqual(await find({ orderBy }));
    }
    const where = { owner: 'second' };
    expect(await everyPage({ where, orderBy, limit: 1 })).toEqual(await find({ where, orderBy }));
  });

  test('has no next page after the last document', async () => {
    expect((await parcels.store.find(PARCELS, { limit: 6 })).next).toBeUndefined();
    expect((await parcels.store.find(PARCELS, { limit: 5 })).next).toBeDefined();
  });

  test.each(orders)(
    'goes on where it was while documents come and go, by $field $direction',
    async (orderBy) => {
      const all = await find({ orderBy });
      const first = await parcels.store.find(PARCELS, { orderBy, limit: 3 });
      const [before = '', , last = ''] = all;
      await apply(
        created('0', { ...NOTHING, weight: orderBy.direction === 'ascending' ? null : 100n }),
        { id: before, from: 0, revision: 1, fields: undefined },
        { id: last, from: 0, revision: 1, fields: undefined },
      );
      const rest = await find({ orderBy, cursor: first.next ?? '' });
      expect(rest.filter((id) => id !== '0')).toEqual(all.slice(3));
    },
  );

  test.each([
    ['filter', { where: { details: 'x' }, limit: 1 }],
    ['filter', { where: { colour: 'x' }, limit: 1 }],
    ['filter', { where: { note: 'x', weight: 1n }, limit: 1 }],
    ['filter', { where: { '1=1; --': 'x' }, limit: 1 }],
    ['order', { orderBy: { field: 'details', direction: 'ascending' }, limit: 1 }],
    ['order', { orderBy: { field: 'id; drop table parcels_v1', direction: 'ascending' }, limit: 1 }],
    ['order', { where: { weight: 1n }, orderBy: { field: 'owner', direction: 'ascending' }, limit: 1 }],
    ['filter by the wrong type', { where: { weight: '1' }, limit: 1 }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: Number.NaN }],
  ] satisfies readonly (readonly [string, Query])[])(
    'refuses a %s that it has no index for',
    async (_, query) => {
      await expect(parcels.store.find(PARCELS, query)).rejects.toMatchObject({ code: 'query-refused' });
    },
  );

  test.each([
    '',
    'x',
    '%',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('["x",null,"a"]').toString('base64url'),
    Buffer.from('{"$gt":""}').toString('base64url'),
  ])('refuses the cursor %j, which it never gave', async (cursor) => {
    await expect(parcels.store.find(PARCELS, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'cursor-refused',
    });
  });

  test('refuses the cursor of another query', async () => {
    const { next = '' } = await parcels.store.find(PARCELS, { where: { owner: 'first' }, limit: 1 });
    for (const other of [{}, { where: { owner: 'second' } }, { where: { weight: 1n } }]) {
      const query = { ...other, limit: 1, cursor: next };
      await expect(parcels.store.find(PARCELS, query)).rejects.toMatchObject({ code: 'cursor-refused' });
    }
  });

  test('refuses the cursor of a query with another mark, or with none', async () => {
    const marks = [{ mark: 'heavy' }, { mark: 'light' }, {}];
    for (const mark of marks) {
      const { next = '' } = await parcels.store.find(PARCELS, { ...mark, limit: 1 });
      expect(await find({ ...mark, cursor: next })).toEqual(['b', 'c', 'd', 'e', 'f']);
      for (const other of marks.filter((each) => each !== mark)) {
        const query = { ...other, limit: 1, cursor: next };
        await expect(parcels.store.find(PARCELS, query)).rejects.toMatchObject({ code: 'cursor-refused' });
      }
    }
  });
}
