import { expect, it } from 'vitest';
import { stateCodec } from './state-codec.ts';

interface Crate {
  readonly owner: string;
  readonly grams: bigint;
  readonly labels: readonly string[];
}

const crateCodec = (version = 1) =>
  stateCodec({
    version,
    fields: { owner: 'text', grams: 'integer', labels: 'json' },
    encode: (crate: Crate) => crate,
    decode: ({ owner, grams, labels }) => ({
      owner,
      grams,
      labels: Array.isArray(labels) ? labels.map(String) : [],
    }),
  });

const CRATE: Crate = { owner: 'Zoë', grams: -(10n ** 30n), labels: ['a', 'b'] };

it('a state comes back as it was', () => {
  expect(crateCodec().decode(crateCodec().encode(CRATE))).toEqual(CRATE);
});

it('the version follows the number and the fields', () => {
  const { version } = crateCodec();
  expect(version).toMatch(/^1-[0-9a-f]{16}$/);
  expect(crateCodec().version).toBe(version);
  expect(crateCodec(2).version).not.toBe(version);
  const narrow = stateCodec({
    version: 1,
    fields: { owner: 'text' },
    encode: (crate: Crate) => crate,
    decode: ({ owner }) => ({ ...CRATE, owner }),
  });
  expect(narrow.version).not.toBe(version);
  expect(narrow.version.split('-')[0]).toBe('1');
});

it.each([
  ['no JSON', '{"owner":'],
  ['no object', '7'],
  ['nothing', 'null'],
  ['a missing field', '{"owner":"a","grams":"1"}'],
  ['one field too many', '{"owner":"a","grams":"1","labels":[],"more":1}'],
  ['text where there is none', '{"owner":1,"grams":"1","labels":[]}'],
  ['no integer', '{"owner":"a","grams":"1.5","labels":[]}'],
  ['an integer as a number', '{"owner":"a","grams":1,"labels":[]}'],
])('what it has not written is refused: %s', (_, text) => {
  expect(() => crateCodec().decode(text)).toThrow();
});
