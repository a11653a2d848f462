import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readModelKey } from '../projections/read-model.ts';
import type {
  Document,
  DocumentChange,
  FieldValue,
  Query,
  ReadModel,
  ReadModelStore,
} from '../projections/read-model-store.ts';

/** Where the suite gets its stores from. */
export interface ReadModelStoreSource {
  /** An empty store. */
  open(): Promise<ReadModelStore>;
  /** The same store again after `close`, where it outlives its process. */
  reopen?(): Promise<ReadModelStore>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
}

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', note: 'text', details: 'json' },
  indexes: [['owner'], ['weight'], ['note'], ['owner', 'weight'], ['owner', 'note']],
};

const NOTHING: Readonly<Record<string, FieldValue>> = {
  owner: null,
  weight: null,
  note: null,
  details: null,
};

/** Strings that some store or its query language gives a meaning to: here they are values like any other. */
const HOSTILE = [
  "'; drop table parcels_v1; --",
  '" or 1=1 --',
  "O'Brien",
  'a\u0000b',
  '$where',
  '{"$gt": ""}',
  '%_\\*?',
  '',
  ' ',
  'Zoë 漢字 \u{1F469}\u200D\u{1F680}',
  '__proto__',
];

/** The definition of a `ReadModelStore`: every engine passes it. */
export function readModelStoreContract(name: string, source: ReadModelStoreSource): void {
  describe(`read-model store: ${name}`, () => {
    let store: ReadModelStore;
    let epoch: number;
    let sequence: number;

    beforeEach(async () => {
      store = await source.open();
      await store.prepare(PARCELS);
      epoch = await store.takeOver(PARCELS);
      sequence = 0;
    });
    afterEach(async () => {
      await store.close();
      await source.cleanUp?.();
    });

    /** Applies changes as the next batch of the owner. */
    async function apply(...changes: readonly DocumentChange[]): Promise<void> {
      const after = sequence === 0 ? undefined : position(sequence);
      await store.apply(PARCELS, { after, position: position(sequence + 1), epoch, changes });
      sequence++;
    }

    async function add(id: string, fields: Readonly<Record<string, FieldValue>>): Promise<void> {
      await apply(created(id, fields));
    }

    async function find(query: Partial<Query>): Promise<readonly string[]> {
      const page = await store.find(PARCELS, { limit: 100, ...query });
      return page.documents.map((document) => document.id);
    }

    async function everyPage(query: Query): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await store.find(PARCELS, cursor === undefined ? query : { ...query, cursor });
        ids.push(...page.documents.map((document) => document.id));
        cursor = page.next;
        if (cursor === undefined) return ids;
      }
    }

    describe('preparing', () => {
      test('is the same however often it is done, and keeps what is stored', async () => {
        await add('a', { weight: 1n });
        await store.prepare(PARCELS);
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
        expect(await store.checkpoint(PARCELS)).toBe(position(1));
      });

      test('gives a model that is already stored an index that was declared later', async () => {
        await add('a', { owner: 'x', note: 'n', weight: 7n });
        const indexed = { ...PARCELS, indexes: [...PARCELS.indexes, ['note', 'weight']] };
        await store.prepare(indexed);
        const page = await store.find(indexed, { where: { note: 'n', weight: 7n }, limit: 10 });
        expect(page.documents).toHaveLength(1);
      });

      test('refuses other fields under the same version', async () => {
        const changed: ReadModel = { ...PARCELS, fields: { ...PARCELS.fields, weight: 'text' }, indexes: [] };
        await expect(store.prepare(changed)).rejects.toMatchObject({
          code: 'read-model-refused',
          message: expect.stringContaining('raise its version'),
        });
      });

      test('keeps versions apart', async () => {
        const second = { ...PARCELS, version: 2 };
        await store.prepare(second);
        await add('a', { weight: 1n });
        expect(await store.get(second, 'a')).toBeUndefined();
        expect(await store.checkpoint(second)).toBeUndefined();
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
          await expect(store.prepare(model)).rejects.toMatchObject({ code: 'read-model-refused' });
        },
      );

      test('answers a model that was never prepared with an error that names it', async () => {
        const unknown: ReadModel = { ...PARCELS, name: 'never_prepared' };
        const refused = { code: 'read-model-refused', message: expect.stringContaining('never_prepared') };
        const batch = { after: undefined, position: position(1), epoch: 1, changes: [] };
        await expect(store.takeOver(unknown)).rejects.toMatchObject(refused);
        await expect(store.load(unknown, ['a'])).rejects.toMatchObject(refused);
        await expect(store.apply(unknown, batch)).rejects.toMatchObject(refused);
        await expect(store.get(unknown, 'a')).rejects.toMatchObject(refused);
        await expect(store.find(unknown, { limit: 1 })).rejects.toMatchObject(refused);
        await expect(store.checkpoint(unknown)).rejects.toMatchObject(refused);
      });
    });

    describe('applying a batch', () => {
      test('has no checkpoint before the first one', async () => {
        expect(await store.checkpoint(PARCELS)).toBeUndefined();
      });

      test('moves the documents and the checkpoint together', async () => {
        await apply(created('a', { weight: 1n }), created('b', { weight: 2n }));
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
        expect(await store.get(PARCELS, 'b')).toEqual(shown('b', 0, { weight: 2n }));
        expect(await store.checkpoint(PARCELS)).toBe(position(1));
      });

      test('moves the checkpoint alone where no document changes', async () => {
        await apply();
        expect(await store.checkpoint(PARCELS)).toBe(position(1));
      });

      test('changes nothing the second time: the checkpoint is no longer where the batch starts', async () => {
        const batch = {
          after: undefined,
          position: position(1),
          epoch,
          changes: [created('a', { weight: 1n })],
        };
        await store.apply(PARCELS, batch);
        await expect(store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'displaced' });
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 0, { weight: 1n }));
        expect(await store.checkpoint(PARCELS)).toBe(position(1));
      });

      test.each([undefined, position(1), position(3)])(
        'refuses one that starts from %s, which is not the checkpoint',
        async (after) => {
          await apply();
          await apply();
          const batch = { after, position: position(4), epoch, changes: [created('a', {})] };
          await expect(store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'displaced' });
          expect(await store.get(PARCELS, 'a')).toBeUndefined();
          expect(await store.checkpoint(PARCELS)).toBe(position(2));
        },
      );

      test('refuses one of an owner that another has displaced', async () => {
        const newer = await store.takeOver(PARCELS);
        expect(newer).toBeGreaterThan(epoch);
        await expect(add('a', {})).rejects.toMatchObject({ code: 'displaced' });
        expect(await store.get(PARCELS, 'a')).toBeUndefined();
        expect(await store.checkpoint(PARCELS)).toBeUndefined();
        epoch = newer;
        await add('a', {});
        expect(await store.get(PARCELS, 'a')).toBeDefined();
      });

      test('gives each of two who take over at once an epoch of its own, and only the last may write', async () => {
        const epochs = await Promise.all([store.takeOver(PARCELS), store.takeOver(PARCELS)]);
        expect(new Set(epochs).size).toBe(2);
        epoch = Math.min(...epochs);
        await expect(add('a', {})).rejects.toMatchObject({ code: 'displaced' });
        epoch = Math.max(...epochs);
        await add('a', {});
      });

      test('has one owner for each model and version', async () => {
        const second = { ...PARCELS, version: 2 };
        await store.prepare(second);
        await store.takeOver(second);
        await store.takeOver(second);
        await add('a', {});
        expect(await store.get(PARCELS, 'a')).toBeDefined();
      });

      test('takes a thousand documents at once', async () => {
        const ids = Array.from({ length: 1000 }, (_, index) => `parcel-${String(index).padStart(4, '0')}`);
        await apply(...ids.map((id, index) => created(id, { weight: BigInt(index) })).reverse());
        expect((await store.load(PARCELS, ids)).size).toBe(1000);
        expect(await everyPage({ orderBy: { field: 'weight', direction: 'ascending' }, limit: 200 })).toEqual(
          ids,
        );
      });

      test('takes a whole batch or nothing of it when a document is refused', async () => {
        const bad = created('b', { weight: 'heavy' });
        await expect(apply(created('a', {}), bad, created('c', {}))).rejects.toMatchObject({
          code: 'document-refused',
        });
        expect(await store.get(PARCELS, 'a')).toBeUndefined();
        expect(await store.checkpoint(PARCELS)).toBeUndefined();
        await apply(created('a', {}), created('c', {}));
      });
    });

    describe('a change of one document', () => {
      test('replaces it where the fold started from what is stored', async () => {
        await add('a', { weight: 1n, note: 'old' });
        await apply({ id: 'a', from: 0, revision: 3, fields: { ...NOTHING, weight: 2n } });
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 2n }));
      });

      test.each([3, 2])(
        'is a duplicate at revision %i where revision 3 is stored, and the batch goes on',
        async (revision) => {
          await apply({ ...created('a', { weight: 3n }), revision: 3 });
          await apply({ ...created('a', { weight: 9n }), revision }, created('b', {}));
          expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 3n }));
          expect(await store.get(PARCELS, 'b')).toBeDefined();
          expect(await store.checkpoint(PARCELS)).toBe(position(2));
        },
      );

      test('is a duplicate also where it says that it started from what it makes', async () => {
        await apply({ ...created('a', { weight: 3n }), revision: 3 });
        await apply({ id: 'a', from: 3, revision: 3, fields: { ...NOTHING, weight: 9n } });
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 3, { weight: 3n }));
      });

      test.each([undefined, 0, 2])(
        'is refused as displaced where the fold started from %s and 1 is stored',
        async (from) => {
          await apply({ ...created('a', { weight: 1n }), revision: 1 });
          const change = { id: 'a', from, revision: 3, fields: { ...NOTHING, weight: 3n } };
          await expect(apply(change)).rejects.toMatchObject({ code: 'displaced' });
          expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 1, { weight: 1n }));
          expect(await store.checkpoint(PARCELS)).toBe(position(1));
        },
      );

      test('is refused as displaced where the fold started from a document that is not stored', async () => {
        const change = { id: 'a', from: 0, revision: 1, fields: NOTHING };
        await expect(apply(change)).rejects.toMatchObject({ code: 'displaced' });
        expect(await store.get(PARCELS, 'a')).toBeUndefined();
      });
    });

    describe('a deletion', () => {
      beforeEach(async () => {
        await apply(created('a', { owner: 'x', note: 'secret' }), created('b', { owner: 'x' }));
        await apply({ id: 'a', from: 0, revision: 4, fields: undefined });
      });

      test('is seen by no query', async () => {
        expect(await store.get(PARCELS, 'a')).toBeUndefined();
        expect(await find({})).toEqual(['b']);
        expect(await find({ where: { owner: 'x' } })).toEqual(['b']);
      });

      test('leaves a tombstone of id and revision, and no field', async () => {
        const loaded = await store.load(PARCELS, ['a']);
        expect(loaded.get('a')).toMatchObject({ id: 'a', revision: 4, deleted: true });
        expect(JSON.stringify([...loaded.values()])).not.toContain('secret');
      });

      test('is not undone by a late change that is older', async () => {
        await apply({ id: 'a', from: 0, revision: 2, fields: NOTHING });
        await apply({ id: 'a', from: undefined, revision: 4, fields: NOTHING });
        expect(await store.get(PARCELS, 'a')).toBeUndefined();
      });

      test('is undone by a newer change that was folded from the tombstone', async () => {
        await apply({ id: 'a', from: 4, revision: 5, fields: { ...NOTHING, note: 'again' } });
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 5, { note: 'again' }));
      });

      test('is undone by a document without any value as well', async () => {
        await apply({ id: 'a', from: 4, revision: 5, fields: NOTHING });
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 5, {}));
      });

      test('of a document that never was leaves a tombstone too', async () => {
        await apply({ id: 'c', from: undefined, revision: 1, fields: undefined });
        expect((await store.load(PARCELS, ['c'])).get('c')).toMatchObject({ revision: 1, deleted: true });
      });
    });

    describe('loading', () => {
      test('answers what there is of the documents asked for', async () => {
        await apply(created('a', { weight: 1n }), created('b', {}));
        const loaded = await store.load(PARCELS, ['b', 'a', 'nowhere']);
        expect([...loaded.keys()].sort()).toEqual(['a', 'b']);
        expect(loaded.get('a')).toEqual({ ...shown('a', 0, { weight: 1n }), deleted: false });
      });

      test('answers nothing when nothing is asked for', async () => {
        expect((await store.load(PARCELS, [])).size).toBe(0);
      });
    });

    describe('values', () => {
      test.each([
        0n,
        2n ** 53n + 1n,
        -(2n ** 53n) - 1n,
        10n ** 18n,
        -(10n ** 18n),
        2n ** 63n - 1n,
        -(2n ** 63n),
      ])('keeps the integer %s exactly', async (weight) => {
        await add('a', { weight });
        expect((await store.get(PARCELS, 'a'))?.fields.weight).toBe(weight);
        expect((await store.load(PARCELS, ['a'])).get('a')?.fields.weight).toBe(weight);
        expect(await find({ where: { weight } })).toEqual(['a']);
        expect(await find({ where: { weight: weight === 0n ? 1n : weight - weight / 2n } })).toEqual([]);
      });

      test.each([...HOSTILE])('keeps the text %j as it is, as field, filter and id', async (text) => {
        const id = `id ${text}`;
        await apply(created(id, { owner: text, note: text }), created('other', { owner: 'other' }));
        expect(await store.get(PARCELS, id)).toEqual(shown(id, 0, { owner: text, note: text }));
        expect(await store.get(PARCELS, text)).toBeUndefined();
        expect(await find({ where: { owner: text } })).toEqual([id]);
        expect(await find({ where: { owner: 'other' } })).toEqual(['other']);
      });

      test('keeps text that is no valid Unicode with U+FFFD in the place of what is not', async () => {
        await add('a', { note: 'x\ud800y' });
        expect((await store.get(PARCELS, 'a'))?.fields.note).toBe('x\ufffdy');
      });

      test.each([
        [
          {
            deep: [{ list: [1, 2.5, -3, 'text', null, true] }],
            'key.with$signs': {},
            unicode: 'ë漢\u{1F680}',
          },
        ],
        [[]],
        ['text'],
        [0],
        [false],
        [{}],
      ])('keeps the json value %j', async (details) => {
        await add('a', { details });
        expect((await store.get(PARCELS, 'a'))?.fields.details).toEqual(details);
      });

      test('keeps null in every field', async () => {
        await add('a', {});
        expect(await store.get(PARCELS, 'a')).toEqual(shown('a', 0, {}));
      });

      test('keeps long text and json', async () => {
        const note = '漢'.repeat(200_000);
        await add('a', { note, details: { note } });
        expect((await store.get(PARCELS, 'a'))?.fields).toEqual({ ...NOTHING, note, details: { note } });
      });

      test.each([
        ['a number for an integer', { weight: 1 }],
        ['an integer past 64 bits', { weight: 2n ** 63n }],
        ['an integer for text', { note: 1n }],
        ['a list for text', { note: ['x'] }],
        ['an integer for json', { details: 1n }],
        ['a field that is not declared', { colour: 'red' }],
      ] satisfies readonly (readonly [string, Readonly<Record<string, FieldValue>>])[])(
        'refuses %s and names document and field, not the value',
        async (_, fields) => {
          const [field = ''] = Object.keys(fields);
          const message = expect.stringMatching(new RegExp(`bad-parcel.*${field}`));
          await expect(add('bad-parcel', fields)).rejects.toMatchObject({
            code: 'document-refused',
            message,
          });
        },
      );

      test('refuses a document without one of its fields', async () => {
        const { note: _, ...others } = NOTHING;
        const change = { id: 'a', from: undefined, revision: 0, fields: others };
        await expect(apply(change)).rejects.toMatchObject({ code: 'document-refused' });
      });

      test('hands out documents that nobody else changes', async () => {
        const details = { list: [1] };
        await add('a', { details });
        details.list.push(2);
        expect((await store.get(PARCELS, 'a'))?.fields.details).toEqual({ list: [1] });
      });
    });

    describe('finding', () => {
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
        await apply(
          ...texts.map((note, index) => created(`t${index}`, { note, owner: 'texts', weight: 10n })),
        );
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
        expect((await store.find(PARCELS, { limit: 6 })).next).toBeUndefined();
        expect((await store.find(PARCELS, { limit: 5 })).next).toBeDefined();
      });

      test.each(orders)(
        'goes on where it was while documents come and go, by $field $direction',
        async (orderBy) => {
          const all = await find({ orderBy });
          const first = await store.find(PARCELS, { orderBy, limit: 3 });
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
          await expect(store.find(PARCELS, query)).rejects.toMatchObject({ code: 'query-refused' });
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
        await expect(store.find(PARCELS, { limit: 1, cursor })).rejects.toMatchObject({
          code: 'cursor-refused',
        });
      });

      test('refuses the cursor of another query', async () => {
        const { next = '' } = await store.find(PARCELS, { where: { owner: 'first' }, limit: 1 });
        for (const other of [{}, { where: { owner: 'second' } }, { where: { weight: 1n } }]) {
          const query = { ...other, limit: 1, cursor: next };
          await expect(store.find(PARCELS, query)).rejects.toMatchObject({ code: 'cursor-refused' });
        }
      });
    });

    const { reopen } = source;
    // Registered only where something outlives the store: a test that cannot fail is none, and none is skipped.
    if (reopen !== undefined) {
      test('keeps everything when it is closed and opened again', async () => {
        await apply(created('a', { weight: 2n ** 53n + 1n, details: { list: [1] } }), created('b', {}));
        await apply({ id: 'b', from: 0, revision: 7, fields: undefined });
        await store.close();
        store = await reopen();
        await store.prepare(PARCELS);
        expect(await store.checkpoint(PARCELS)).toBe(position(2));
        expect(await store.get(PARCELS, 'a')).toEqual(
          shown('a', 0, { weight: 2n ** 53n + 1n, details: { list: [1] } }),
        );
        expect((await store.load(PARCELS, ['b'])).get('b')).toMatchObject({ revision: 7, deleted: true });
        const old = { after: position(2), position: position(3), epoch, changes: [] };
        const newer = await store.takeOver(PARCELS);
        expect(newer).toBeGreaterThan(epoch);
        await expect(store.apply(PARCELS, old)).rejects.toMatchObject({ code: 'displaced' });
      });
    }

    test('calls a version of a model by its name and number', () => {
      expect(readModelKey(PARCELS)).toBe('parcels_v1');
    });
  });
}

function position(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

/** The change that makes a document, the fields left out being null. */
function created(id: string, fields: Readonly<Record<string, FieldValue>>): DocumentChange {
  return { id, from: undefined, revision: 0, fields: { ...NOTHING, ...fields } };
}

function shown(id: string, revision: number, fields: Readonly<Record<string, FieldValue>>): Document {
  return { id, revision, fields: { ...NOTHING, ...fields } };
}
