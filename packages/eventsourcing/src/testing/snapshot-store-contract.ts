import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sealSnapshot } from '../snapshots/sealed-snapshot.ts';
import type { Snapshot, SnapshotStore } from '../snapshots/snapshot-store.ts';

/** Where the suite gets its stores from. */
export interface SnapshotStoreSource {
  /** An empty store that keeps so many snapshots of a stream. */
  open(keep: number): Promise<SnapshotStore>;
  /** The same store again after `close`, where it outlives its process. */
  reopen?(): Promise<SnapshotStore>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
}

const KEPT = 3;

/** A snapshot, with whatever a test wants of it. */
export function snapshotOf(wanted: Partial<Omit<Snapshot, 'checksum'>> = {}): Snapshot {
  return sealSnapshot({
    stream: 'shelf-a',
    version: '1-abc',
    revision: 99,
    link: 'c0ffee'.padEnd(64, '0'),
    recordedAt: 1_790_000_000_000_123,
    position: '0000000000000100',
    state: '{"boxes":7}',
    ...wanted,
  });
}

/** The definition of a `SnapshotStore`: every engine passes it. */
export function snapshotStoreContract(name: string, source: SnapshotStoreSource): void {
  describe(`snapshot store: ${name}`, () => {
    let store: SnapshotStore;

    beforeEach(async () => {
      store = await source.open(KEPT);
    });
    afterEach(async () => {
      await store.close();
      await source.cleanUp?.();
    });

    const revision = async (stream = 'shelf-a', version = '1-abc') =>
      (await store.load(stream, version))?.revision;

    test('has none of a stream that it has never seen', async () => {
      expect(await revision()).toBeUndefined();
    });

    test('gives a snapshot as it was saved, to the byte', async () => {
      const snapshot = snapshotOf({
        state: '{"text":"Zoë 漢字 \u{1F680} \\u0000 \'; drop table snapshots; --"}',
      });
      await store.save(snapshot);
      expect(await store.load('shelf-a', '1-abc')).toEqual(snapshot);
    });

    test('gives the highest revision, in whatever order they came', async () => {
      for (const each of [199, 99, 299]) await store.save(snapshotOf({ revision: each }));
      expect(await revision()).toBe(299);
      await store.save(snapshotOf({ revision: 250 }));
      expect(await revision()).toBe(299);
    });

    test('gives none of another version and none of another stream', async () => {
      await store.save(snapshotOf());
      expect(await revision('shelf-a', '2-abc')).toBeUndefined();
      expect(await revision('shelf-')).toBeUndefined();
      expect(await revision('shelf-a ')).toBeUndefined();
      expect(await revision('SHELF-A')).toBeUndefined();
    });

    test('replaces one that is saved again', async () => {
      await store.save(snapshotOf({ state: '{"boxes":1}' }));
      await store.save(snapshotOf({ state: '{"boxes":2}' }));
      expect((await store.load('shelf-a', '1-abc'))?.state).toBe('{"boxes":2}');
    });

    test('keeps what other versions have saved, as long as there is room beside its own', async () => {
      await store.save(snapshotOf({ version: '1-abc', revision: 500 }));
      await store.save(snapshotOf({ version: '2-abc', revision: 100 }));
      expect([await revision('shelf-a', '1-abc'), await revision('shelf-a', '2-abc')]).toEqual([500, 100]);
      for (const each of [200, 300, 400]) await store.save(snapshotOf({ version: '2-abc', revision: each }));
      expect([await revision('shelf-a', '1-abc'), await revision('shelf-a', '2-abc')]).toEqual([
        undefined,
        400,
      ]);
    });

    test('keeps the last few of each stream, and of the others as many', async () => {
      const all = Array.from({ length: 10 }, (_, at) => at * 100 + 99);
      await Promise.all(
        all.flatMap((each) =>
          ['shelf-a', 'shelf-b'].map((stream) => store.save(snapshotOf({ stream, revision: each }))),
        ),
      );
      expect([await revision('shelf-a'), await revision('shelf-b')]).toEqual([999, 999]);
    });

    test('forgets the one that is named, and shows the one before it', async () => {
      for (const each of [99, 199, 5_000]) await store.save(snapshotOf({ revision: each }));
      await store.save(snapshotOf({ version: '2-abc', revision: 5_000, stream: 'shelf-b' }));
      await store.forget({ stream: 'shelf-a', version: '1-abc', revision: 5_000 });
      await store.forget({ stream: 'shelf-b', version: '1-abc', revision: 5_000 });
      await store.forget({ stream: 'shelf-never', version: '1-abc', revision: 1 });
      await expect.poll(() => revision()).toBe(199);
      expect(await revision('shelf-b', '2-abc')).toBe(5_000);
      await store.save(snapshotOf({ revision: 299 }));
      expect(await revision()).toBe(299);
    });

    test('takes many at once, and a large one', async () => {
      const large = snapshotOf({
        stream: 'shelf-large',
        state: JSON.stringify({ text: 'x'.repeat(2_000_000) }),
      });
      const many = Array.from({ length: 200 }, (_, at) => snapshotOf({ stream: `shelf-${at}` }));
      await Promise.all([large, ...many].map((each) => store.save(each)));
      expect(await store.load('shelf-large', '1-abc')).toEqual(large);
      for (const each of many) expect(await store.load(each.stream, each.version)).toEqual(each);
    });

    test('that is closed is unavailable', async () => {
      await store.close();
      const unavailable = expect.objectContaining({ code: 'store-unavailable' });
      await expect(store.save(snapshotOf())).rejects.toEqual(unavailable);
      await expect(store.load('shelf-a', '1-abc')).rejects.toEqual(unavailable);
      await expect(store.forget(snapshotOf())).rejects.toEqual(unavailable);
      await store.close();
    });

    const { reopen } = source;
    // Registered only where something outlives the store: a test that cannot fail is none, and none is skipped.
    if (reopen !== undefined) {
      test('has what was saved when it is closed at once and opened again', async () => {
        const saving = store.save(snapshotOf());
        await store.close();
        await saving;
        store = await reopen();
        expect(await store.load('shelf-a', '1-abc')).toEqual(snapshotOf());
      });
    }
  });
}
