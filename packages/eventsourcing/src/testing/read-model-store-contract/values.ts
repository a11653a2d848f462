import { expect, test } from 'vitest';
import type { DocumentFields } from '../../projections/read-model-store.ts';
import { created, NOTHING, PARCELS, type ParcelStore, shown } from './parcels.ts';

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

/** What goes in comes out. */
export function valueContract(parcels: ParcelStore): void {
  const { apply, add, find } = parcels;

  test.each([0n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 10n ** 18n, -(10n ** 18n), 2n ** 63n - 1n, -(2n ** 63n)])(
    'keeps the integer %s exactly',
    async (weight) => {
      await add('a', { weight });
      expect((await parcels.store.get(PARCELS, 'a'))?.fields.weight).toBe(weight);
      expect((await parcels.store.load(PARCELS, ['a'])).get('a')?.fields.weight).toBe(weight);
      expect(await find({ where: { weight } })).toEqual(['a']);
      expect(await find({ where: { weight: weight === 0n ? 1n : weight - weight / 2n } })).toEqual([]);
    },
  );

  test.each([...HOSTILE])('keeps the text %j as it is, as field, filter and id', async (text) => {
    const id = `id ${text}`;
    await apply(created(id, { owner: text, note: text }), created('other', { owner: 'other' }));
    expect(await parcels.store.get(PARCELS, id)).toEqual(shown(id, 0, { owner: text, note: text }));
    expect(await parcels.store.get(PARCELS, text)).toBeUndefined();
    expect(await find({ where: { owner: text } })).toEqual([id]);
    expect(await find({ where: { owner: 'other' } })).toEqual(['other']);
  });

  test('keeps text that is no valid Unicode with U+FFFD in the place of what is not', async () => {
    await add('a', { note: 'x\ud800y' });
    expect((await parcels.store.get(PARCELS, 'a'))?.fields.note).toBe('x\ufffdy');
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
    expect((await parcels.store.get(PARCELS, 'a'))?.fields.details).toEqual(details);
  });

  test('keeps null in every field', async () => {
    await add('a', {});
    expect(await parcels.store.get(PARCELS, 'a')).toEqual(shown('a', 0, {}));
  });

  test('keeps long text and json', async () => {
    const note = '漢'.repeat(200_000);
    await add('a', { note, details: { note } });
    expect((await parcels.store.get(PARCELS, 'a'))?.fields).toEqual({ ...NOTHING, note, details: { note } });
  });

  test.each([
    ['a number for an integer', { weight: 1 }],
    ['an integer past 64 bits', { weight: 2n ** 63n }],
    ['an integer for text', { note: 1n }],
    ['a list for text', { note: ['x'] }],
    ['an integer for json', { details: 1n }],
    ['a field that is not declared', { colour: 'red' }],
  ] satisfies readonly (readonly [string, DocumentFields])[])(
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
    expect((await parcels.store.get(PARCELS, 'a'))?.fields.details).toEqual({ list: [1] });
  });
}
