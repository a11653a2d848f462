import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyEntry, KeyStore } from '../personal-data/key-store.ts';

/** Where the suite gets its stores from. */
export interface KeyStoreSource {
  /** An empty store. */
  open(): Promise<KeyStore>;
  /** The same store again after `close`, where it outlives its process. */
  reopen?(): Promise<KeyStore>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
}

/** Names that some store or its query language gives a meaning to: here they are names like any other. */
const HOSTILE = [
  "'; drop table keys; --",
  '$where',
  '__proto__',
  'a\u0000b',
  '%',
  ' a',
  'A',
  'Zoë 漢字 \u{1F680}',
];

const ONE = Buffer.from('the first');
const TWO = Buffer.from('the second');

/** The definition of a `KeyStore`: every engine passes it. */
export function keyStoreContract(name: string, source: KeyStoreSource): void {
  describe(`key store: ${name}`, () => {
    let store: KeyStore;

    beforeEach(async () => {
      store = await source.open();
    });
    afterEach(async () => {
      await store.close();
      await source.cleanUp?.();
    });

    const key = async (subject: string) => text(await store.key(subject));
    const addKey = async (subject: string, bytes: Uint8Array) => text(await store.addKey(subject, bytes));
    const addSecret = async (secret: string, bytes: Uint8Array) => text(await store.addSecret(secret, bytes));

    describe('a key', () => {
      test('is unknown until it is added', async () => {
        expect(await key('a')).toBeUndefined();
        expect(await addKey('a', ONE)).toBe('the first');
        expect(await key('a')).toBe('the first');
        expect(await key('b')).toBeUndefined();
      });

      test('stays the first one when another is added', async () => {
        await addKey('a', ONE);
        expect(await addKey('a', TWO)).toBe('the first');
        expect(await key('a')).toBe('the first');
      });

      test('is the same for all who add one at once', async () => {
        const many = Array.from({ length: 20 }, (_, index) => Buffer.from(`number ${index}`));
        const answers = await Promise.all(many.map((bytes) => addKey('a', bytes)));
        expect(new Set(answers)).toEqual(new Set([await key('a')]));
      });

      test('of one subject says nothing about another', async () => {
        const subjects = ['a', ...HOSTILE];
        for (const subject of subjects) await addKey(subject, Buffer.from(`of ${subject}`));
        for (const subject of subjects) expect(await key(subject)).toBe(`of ${subject}`);
      });
    });

    describe('the bytes', () => {
      test.each([1, 65, 4096])('of a key of %i bytes come back as they were', async (length) => {
        const bytes = randomBytes(length);
        expect(Buffer.from(await store.addSecret('s', bytes))).toEqual(bytes);
        await store.addKey('a', bytes);
        const kept = await store.key('a');
        expect(kept instanceof Uint8Array && Buffer.from(kept)).toEqual(bytes);
      });

      test('can be of any value and part of a larger buffer', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index).subarray(10);
        await store.addKey('a', bytes);
        const kept = await store.key('a');
        expect(kept instanceof Uint8Array && [...kept]).toEqual([...bytes]);
      });

      test('are the store’s own: nobody changes them afterwards', async () => {
        const bytes = Buffer.from('mine');
        const answer = await store.addKey('a', bytes);
        bytes.fill(0);
        if (answer instanceof Uint8Array) answer.fill(0);
        const kept = await store.key('a');
        expect(text(kept)).toBe('mine');
        if (kept instanceof Uint8Array) kept.fill(0);
        expect(await key('a')).toBe('mine');
      });
    });

    describe('a destroyed key', () => {
      beforeEach(async () => {
        await addKey('a', ONE);
        await addKey('b', TWO);
        await store.destroyKey('a');
      });

      test('is told from one that never was', async () => {
        expect(await key('a')).toBe('destroyed');
        expect(await key('c')).toBeUndefined();
      });

      test('leaves the others as they are', async () => {
        expect(await key('b')).toBe('the second');
      });

      test('is destroyed for ever', async () => {
        expect(await addKey('a', TWO)).toBe('destroyed');
        expect(await key('a')).toBe('destroyed');
        await store.destroyKey('a');
        expect(await key('a')).toBe('destroyed');
      });

      test('leaves its marker where there never was a key', async () => {
        await store.destroyKey('c');
        expect(await addKey('c', ONE)).toBe('destroyed');
      });

      test('is destroyed whoever adds it at the same moment', async () => {
        await Promise.all([addKey('d', ONE), store.destroyKey('d'), addKey('d', TWO)]);
        expect(await key('d')).toBe('destroyed');
      });
    });

    describe('a secret', () => {
      test('stays the first one when another is added', async () => {
        expect(await addSecret('s', ONE)).toBe('the first');
        expect(await addSecret('s', TWO)).toBe('the first');
        expect(await addSecret('t', TWO)).toBe('the second');
      });

      test('is the same for all who add one at once', async () => {
        const many = Array.from({ length: 20 }, (_, index) => Buffer.from(`number ${index}`));
        const answers = await Promise.all(many.map((bytes) => addSecret('s', bytes)));
        expect(new Set(answers).size).toBe(1);
      });

      test('is no key, also under the same name', async () => {
        await addSecret('same', ONE);
        expect(await key('same')).toBeUndefined();
        await store.destroyKey('same');
        expect(await addSecret('same', TWO)).toBe('the first');
      });
    });

    describe('entries', () => {
      beforeEach(async () => {
        for (const name of HOSTILE) await addKey(name, Buffer.from(`of ${name}`));
        await store.destroyKey('%');
        await addSecret('s', TWO);
      });

      const all = async () => (await collected(store.entries())).flat();
      const named = async (wanted: string) =>
        (await all()).filter(({ name }) => name === wanted).map(({ kind, wrapped }) => [kind, text(wrapped)]);

      test('are all that is kept, each once, destroyed keys and secrets included', async () => {
        const entries = await all();
        expect(entries.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
          ['secret s', ...HOSTILE.map((name) => `key ${name}`)].sort(),
        );
        expect(await named('%')).toEqual([['key', 'destroyed']]);
        expect(await named('s')).toEqual([['secret', 'the second']]);
        expect(await named('__proto__')).toEqual([['key', 'of __proto__']]);
      });

      test('come in pages, however many there are', async () => {
        await store.addEntries(
          Array.from({ length: 2_500 }, (_, index) => ({ kind: 'key', name: `n${index}`, wrapped: ONE })),
        );
        const pages = await collected(store.entries());
        expect(pages.flat()).toHaveLength(2_500 + HOSTILE.length + 1);
        expect(new Set(pages.flat().map(({ name }) => name)).size).toBe(2_500 + HOSTILE.length + 1);
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(1_000);
      });

      test('of another store are added as they are, and again without effect', async () => {
        const entries: readonly KeyEntry[] = [
          { kind: 'key', name: 'new', wrapped: ONE },
          { kind: 'key', name: 'gone', wrapped: 'destroyed' },
          { kind: 'secret', name: 'new', wrapped: TWO },
        ];
        await store.addEntries(entries);
        await store.addEntries(entries);
        expect(await named('new')).toEqual(
          expect.arrayContaining([
            ['key', 'the first'],
            ['secret', 'the second'],
          ]),
        );
        expect(await key('gone')).toBe('destroyed');
        expect(await addKey('gone', ONE)).toBe('destroyed');
        await store.addEntries([]);
      });

      test('destroy a key that is kept, and never bring one back', async () => {
        await store.addEntries([
          { kind: 'key', name: 'A', wrapped: 'destroyed' },
          { kind: 'key', name: '%', wrapped: ONE },
        ]);
        expect(await key('A')).toBe('destroyed');
        expect(await key('%')).toBe('destroyed');
      });

      test('of other keys are refused, and nothing is added', async () => {
        for (const kind of ['key', 'secret'] as const) {
          const other: KeyEntry = { kind, name: kind === 'key' ? 'A' : 's', wrapped: ONE };
          await expect(
            store.addEntries([{ kind: 'key', name: 'new', wrapped: ONE }, other]),
          ).rejects.toMatchObject({
            code: 'keys-differ',
          });
        }
        expect(await key('new')).toBeUndefined();
        expect(await key('A')).toBe('of A');
      });
    });

    describe('a store', () => {
      test('is empty until a key is added', async () => {
        expect(await store.isEmpty()).toBe(true);
        await key('a');
        expect(await store.isEmpty()).toBe(true);
        await addKey('a', ONE);
        expect(await store.isEmpty()).toBe(false);
      });

      test('is empty until a secret is added', async () => {
        await addSecret('s', ONE);
        expect(await store.isEmpty()).toBe(false);
      });

      const { reopen } = source;
      // Registered only where something outlives the store: a test that cannot fail is none, and none is skipped.
      if (reopen !== undefined) {
        test('keeps everything when it is closed and opened again', async () => {
          await addKey('a', ONE);
          await addKey('b', ONE);
          await store.destroyKey('b');
          await addSecret('s', TWO);
          await store.close();
          store = await reopen();
          expect(await store.isEmpty()).toBe(false);
          expect(await key('a')).toBe('the first');
          expect(await key('b')).toBe('destroyed');
          expect(await addKey('b', TWO)).toBe('destroyed');
          expect(await addSecret('s', ONE)).toBe('the second');
        });
      }
    });
  });
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function text(bytes: Uint8Array | 'destroyed' | undefined): string | undefined {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : bytes;
}
