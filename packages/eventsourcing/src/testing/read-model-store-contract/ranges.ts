import { beforeEach, expect, test } from 'vitest';
import type { Query } from '../../projections/read-model-store.ts';
import { created, PARCELS, type ParcelStore } from './parcels.ts';

const DIRECTIONS = ['ascending', 'descending'] as const;

/** Bounds of the field that a query sorts by. */
export function rangeContract(parcels: ParcelStore): void {
  const { apply, find, everyPage } = parcels;
  const weights = { a: 2n, b: 1n, c: -1n, d: 2n, e: 2n, f: null, g: 5n };
  beforeEach(async () => {
    const changes = Object.entries(weights).map(([id, weight]) =>
      created(id, { weight, owner: id < 'd' ? 'first' : 'second', note: weight === null ? null : `n-${id}` }),
    );
    await apply(...changes);
  });

  const up = { field: 'weight', direction: 'ascending' } as const;
  const down = { field: 'weight', direction: 'descending' } as const;

  test('starts at its lower bound and ends before its upper one', async () => {
    expect(await find({ orderBy: up, range: { from: 1n, to: 5n } })).toEqual(['b', 'a', 'd', 'e']);
    expect(await find({ orderBy: down, range: { from: 1n, to: 5n } })).toEqual(['e', 'd', 'a', 'b']);
    expect(await find({ orderBy: up, range: { from: 2n, to: 2n } })).toEqual([]);
    expect(await find({ orderBy: up, range: { from: 5n, to: 1n } })).toEqual([]);
  });

  test('may have one bound alone', async () => {
    expect(await find({ orderBy: up, range: { from: 2n } })).toEqual(['a', 'd', 'e', 'g']);
    expect(await find({ orderBy: down, range: { from: 2n } })).toEqual(['g', 'e', 'd', 'a']);
    expect(await find({ orderBy: up, range: { to: 2n } })).toEqual(['c', 'b']);
    expect(await find({ orderBy: down, range: { to: 2n } })).toEqual(['b', 'c']);
  });

  test('holds everything, null too, where it has no bound', async () => {
    expect(await find({ orderBy: up, range: {} })).toEqual(await find({ orderBy: up }));
  });

  test('never holds null', async () => {
    const least = -(2n ** 63n);
    for (const orderBy of [up, down]) {
      expect(await find({ orderBy, range: { from: least } })).not.toContain('f');
      expect(await find({ orderBy, range: { to: 2n ** 63n - 1n } })).not.toContain('f');
    }
  });

  test('is within what is filtered', async () => {
    const where = { owner: 'second' };
    expect(await find({ where, orderBy: up, range: { from: 2n, to: 5n } })).toEqual(['d', 'e']);
    expect(await find({ where, orderBy: down, range: { from: 3n } })).toEqual(['g']);
  });

  test('may be one of text, by its UTF-8 bytes', async () => {
    const orderBy = { field: 'note', direction: 'ascending' } as const;
    expect(await find({ orderBy, range: { from: 'n-b', to: 'n-e' } })).toEqual(['b', 'c', 'd']);
    await apply(created('x', { note: '\uffee' }), created('y', { note: '\u{1F680}' }));
    expect(await find({ orderBy, range: { from: '\uffef' } })).toEqual(['y']);
  });

  test('may be one of ids', async () => {
    expect(await find({ range: { from: 'b', to: 'd' } })).toEqual(['b', 'c']);
    const orderBy = { field: 'id', direction: 'descending' } as const;
    expect(await find({ orderBy, range: { from: 'f' } })).toEqual(['g', 'f']);
    expect(await find({ where: { owner: 'first' }, orderBy, range: { from: 'b' } })).toEqual(['c', 'b']);
  });

  const ranges: readonly Query['range'][] = [{ from: 1n, to: 5n }, { from: 2n }, { to: 2n }];
  test.each(DIRECTIONS)('gives in pages what it gives at once, %s', async (direction) => {
    for (const limit of [1, 2, 3, 4]) {
      for (const range of ranges) {
        const query = { orderBy: { field: 'weight', direction }, ...(range && { range }) };
        expect(await everyPage({ ...query, limit })).toEqual(await find(query));
      }
      const byId = { orderBy: { field: 'id', direction }, range: { from: 'b', to: 'f' } };
      expect(await everyPage({ ...byId, limit })).toEqual(await find(byId));
    }
  });

  test.each(DIRECTIONS)('goes on where it was while documents come and go, %s', async (direction) => {
    const query = { orderBy: { field: 'weight', direction }, range: { from: 1n, to: 5n } };
    const all = await find(query);
    const { next: cursor = '' } = await parcels.store.find(PARCELS, { ...query, limit: 2 });
    const [first = '', second = ''] = all;
    await apply(
      { id: first, from: 0, revision: 1, fields: undefined },
      { id: second, from: 0, revision: 1, fields: undefined },
      created('0', { weight: direction === 'ascending' ? 1n : 4n }),
      created('9', { weight: direction === 'ascending' ? 6n : 0n }),
    );
    expect(await find({ ...query, cursor })).toEqual(all.slice(2));
  });

  test('refuses the cursor of another range, or of none', async () => {
    const ranged = { orderBy: up, range: { from: 1n, to: 5n }, limit: 1 };
    const { next: cursor = '' } = await parcels.store.find(PARCELS, ranged);
    const others = [undefined, { from: 1n }, { to: 5n }, { from: 0n, to: 5n }, { from: 1n, to: 6n }];
    for (const range of others) {
      const query = { orderBy: up, limit: 1, cursor, ...(range && { range }) };
      await expect(parcels.store.find(PARCELS, query)).rejects.toMatchObject({ code: 'cursor-refused' });
    }
    const { next: unranged = '' } = await parcels.store.find(PARCELS, { orderBy: up, limit: 1 });
    await expect(parcels.store.find(PARCELS, { ...ranged, cursor: unranged })).rejects.toMatchObject({
      code: 'cursor-refused',
    });
  });

  test.each(['0', '9', null])(
    'refuses a cursor that was made up to lie outside of it, at %s',
    async (value) => {
      const ranged = { orderBy: up, range: { from: 1n, to: 5n }, limit: 1 };
      const { next = '' } = await parcels.store.find(PARCELS, ranged);
      const [mark]: readonly unknown[] = JSON.parse(Buffer.from(next, 'base64url').toString());
      const cursor = Buffer.from(JSON.stringify([mark, value, 'a'])).toString('base64url');
      await expect(parcels.store.find(PARCELS, { ...ranged, cursor })).rejects.toMatchObject({
        code: 'cursor-refused',
      });
    },
  );

  test.each([
    ['text for an integer', { orderBy: up, range: { from: '1' } }],
    ['an integer for text', { orderBy: { ...up, field: 'note' }, range: { to: 1n } }],
    ['an integer for the id', { range: { from: 1n } }],
    ['an integer past 64 bits', { orderBy: up, range: { to: 2n ** 63n } }],
    ['a field without an index', { orderBy: { ...up, field: 'details' }, range: { from: 'x' } }],
  ] satisfies readonly (readonly [string, Partial<Query>])[])('refuses %s', async (_, query) => {
    await expect(find(query)).rejects.toMatchObject({ code: 'query-refused' });
  });
}
