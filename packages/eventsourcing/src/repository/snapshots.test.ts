import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createMemorySnapshotStore } from '../snapshots/memory-snapshot-store.ts';
import { sealSnapshot } from '../snapshots/sealed-snapshot.ts';
import type { Snapshot, SnapshotStore } from '../snapshots/snapshot-store.ts';
import { stateCodec } from '../snapshots/state-codec.ts';
import type { FaultyEventStore } from '../testing/faulty-event-store.ts';
import { boxesOn, context, hold, newStore, repositoryOn } from '../testing/repositories.ts';
import { put, SHELF, SHELF_CAPACITY, SHELF_CODEC } from '../testing/shelves.ts';
import type { SnapshotObservation } from './snapshots.ts';

/** A repository that keeps no state in memory, so that each command loads. */
function forgetful(store: FaultyEventStore, snapshots: SnapshotStore, every = 10) {
  const observed: SnapshotObservation[] = [];
  const options = {
    store: snapshots,
    every,
    observe: (each: SnapshotObservation) => void observed.push(each),
  };
  const repository = repositoryOn(store, { maxCachedBytes: 0, snapshots: options });
  const kinds = () => observed.map((each) => (each.kind === 'loaded' ? each.from : each.kind));
  return { repository, observed, kinds, putAll: (id: string, count: number) => puts(repository, id, count) };
}

async function puts(repository: ReturnType<typeof repositoryOn>, id: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) await repository.execute(put(id, 1), context());
}

const saved = (snapshots: SnapshotStore, id = 'a') => snapshots.load(`shelf-${id}`, SHELF_CODEC.version);

/** Waits until the shelf has a snapshot at a revision: they are taken behind the answers. */
const taken = (snapshots: SnapshotStore, revision: number) =>
  vi.waitFor(async () => expect((await saved(snapshots))?.revision).toBe(revision));

/** How many boxes a command finds on a shelf in a repository that has just been started, and how they were loaded. */
async function found(store: FaultyEventStore, snapshots: SnapshotStore, aggregate = SHELF) {
  const { repository, kinds, observed } = forgetful(store, snapshots);
  let boxes = -1;
  await repository.execute(
    {
      on: [{ aggregate, id: 'a' }],
      decide([state]) {
        boxes = state;
        return [[]];
      },
      answer: () => undefined,
    },
    context(),
  );
  return { boxes, kinds: kinds().filter((kind) => kind !== 'saved'), observed };
}

describe('a snapshot', () => {
  it('is taken after every so many events, and later loads go on from there', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    const shelf = forgetful(store, snapshots);
    await shelf.putAll('a', 9);
    expect(await saved(snapshots)).toBeUndefined();
    await shelf.putAll('a', 1);
    await taken(snapshots, 9);
    await shelf.putAll('a', 15);
    await taken(snapshots, 19);
    expect(await found(store, snapshots)).toMatchObject({ boxes: 25, kinds: ['snapshot'] });
  });

  it('is read with its own event, which is not applied once more', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    const read = vi.spyOn(store, 'readStream');
    expect((await found(store, snapshots)).boxes).toBe(10);
    expect(read.mock.calls).toEqual([['shelf-a', { from: 9 }]]);
  });

  it('is taken by a batch that jumps over the mark, once, of all that the batch has left', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    const save = vi.spyOn(snapshots, 'save');
    const repository = repositoryOn(store, { snapshots: { store: snapshots, every: 10 } });
    await puts(repository, 'a', 8);
    const release = hold(store);
    const first = repository.execute(put('a', 1), context());
    const merged = Array.from({ length: 25 }, () => repository.execute(put('a', 1), context()));
    release();
    await Promise.all([first, ...merged]);
    await taken(snapshots, 33);
    expect(save).toHaveBeenCalledOnce();
    expect((await saved(snapshots))?.state).toBe('{"boxes":34}');
  });

  it('waits until the answer is on its way', async () => {
    const snapshots = createMemorySnapshotStore();
    const save = vi.spyOn(snapshots, 'save');
    const repository = repositoryOn(newStore(), { snapshots: { store: snapshots, every: 1 } });
    await repository.execute(put('a', 1), context());
    expect(save).not.toHaveBeenCalled();
    await taken(snapshots, 0);
  });

  it('says up to where the log was durable', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    expect((await saved(snapshots))?.position).toBe(await store.head());
  });

  it('is made by a load that had a long way to go', async () => {
    const store = newStore();
    await puts(repositoryOn(store), 'a', 25);
    const snapshots = createMemorySnapshotStore();
    expect((await found(store, snapshots)).kinds).toEqual(['start']);
    await taken(snapshots, 24);
    expect((await found(store, snapshots)).kinds).toEqual(['snapshot']);
  });

  it('of an older version is left alone, and a newer one is made', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    const next: typeof SHELF = {
      ...SHELF,
      // From now on each put counts one more: what the old fold has made would be wrong.
      evolve: (boxes, event) => SHELF.evolve(boxes, event) + 1,
      snapshots: stateCodec({
        version: 2,
        fields: { boxes: 'json' },
        encode: (boxes: number) => ({ boxes }),
        decode: ({ boxes }) => Number(boxes),
      }),
    };
    expect(await found(store, snapshots, next)).toMatchObject({ boxes: 20, kinds: ['start'] });
    await vi.waitFor(async () =>
      expect((await snapshots.load('shelf-a', next.snapshots?.version ?? ''))?.state).toBe('{"boxes":20}'),
    );
    expect(await found(store, snapshots, next)).toMatchObject({ boxes: 20, kinds: ['snapshot'] });
  });

  it('of no aggregate is taken where the state has no codec', async () => {
    const { snapshots: _, ...plain } = SHELF;
    const store = newStore();
    await puts(repositoryOn(store), 'a', 25);
    const snapshots = createMemorySnapshotStore();
    const save = vi.spyOn(snapshots, 'save');
    expect(await found(store, snapshots, plain)).toMatchObject({ boxes: 25, kinds: ['start'] });
    expect(save).not.toHaveBeenCalled();
  });
});

describe('a snapshot is ignored, said, and made anew, where', () => {
  const sealedAnew = (change: Partial<Snapshot>) => (snapshot: Snapshot) =>
    sealSnapshot({ ...snapshot, ...change });

  it.each<[string, (snapshot: Snapshot) => Snapshot, string]>([
    ['its checksum is wrong', (snapshot) => ({ ...snapshot, state: '{"boxes":9999}' }), 'checksum'],
    ['the stream holds another event', sealedAnew({ link: '0'.repeat(64) }), 'another event at revision 9'],
    ['that event was booked at another time', sealedAnew({ recordedAt: 1 }), 'another event at revision 9'],
    ['it is ahead of the stream', sealedAnew({ revision: 500 }), 'does not reach revision 500'],
    ['it is text of another kind', sealedAnew({ state: '{"sacks":1}' }), 'boxes'],
    ['it is no JSON', sealedAnew({ state: 'boxes' }), 'JSON'],
    ['it belongs to another stream', sealedAnew({ stream: 'shelf-b' }), 'another one'],
  ])('%s', async (_, change, reason) => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    const good = await saved(snapshots);
    const bad = good && change(good);
    const spoiled: SnapshotStore = { ...snapshots, load: async () => bad };
    const { boxes, observed } = await found(store, spoiled);
    expect(boxes).toBe(10);
    expect(observed.slice(0, 2)).toMatchObject([
      { kind: 'ignored', stream: 'shelf-a', reason: expect.stringContaining(reason) },
      { kind: 'loaded', from: 'start' },
    ]);
  });

  it('it is in the way: the next load finds the one before it', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    const good = await saved(snapshots);
    if (good === undefined) throw new Error('It was just taken.');
    await snapshots.save(sealedAnew({ revision: 500 })(good));
    expect((await found(store, snapshots)).kinds).toContain('ignored');
    expect((await found(store, snapshots)).kinds).not.toContain('ignored');
  });

  it('the fold cannot go on from it', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 12);
    await taken(snapshots, 9);
    const strict: typeof SHELF = {
      ...SHELF,
      snapshots: { ...SHELF_CODEC, decode: () => Number.NaN },
      evolve(boxes, event) {
        if (Number.isNaN(boxes)) throw new Error('how many?');
        return SHELF.evolve(boxes, event);
      },
    };
    const { boxes, kinds } = await found(store, snapshots, strict);
    expect({ boxes, kinds }).toMatchObject({ boxes: 12, kinds: ['ignored', 'start'] });
  });
});

describe('a snapshot store that fails', () => {
  const broken = () => Promise.reject(new Error('out of order'));
  const thrown = () => {
    throw new Error('out of order');
  };

  it.each([
    ['at once', thrown],
    ['later', broken],
  ])('%s, fails no command, and says so', async (_, fail) => {
    const store = newStore();
    const shelf = forgetful(store, { save: fail, load: fail, forget: fail, close: async () => {} }, 5);
    await shelf.putAll('a', 12);
    expect(await boxesOn(store, 'a')).toBe(12);
    await vi.waitFor(() =>
      expect(shelf.kinds().filter((kind) => kind === 'not-saved').length).toBeGreaterThan(1),
    );
    expect(shelf.observed).toContainEqual({ kind: 'ignored', stream: 'shelf-a', reason: 'out of order' });
    expect(shelf.kinds()).not.toContain('saved');
  });

  it('is told from an event store that fails: that is never taken for a bad snapshot', async () => {
    const store = newStore();
    const snapshots = createMemorySnapshotStore();
    await forgetful(store, snapshots).putAll('a', 10);
    await taken(snapshots, 9);
    await store.close();
    await expect(found(store, snapshots)).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

it('snapshot and tail make the same state as the whole stream, whatever happened', async () => {
  const step = fc.record({
    boxes: fc.integer({ min: -50, max: 200 }),
    burst: fc.integer({ min: 1, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      async (steps, every) => {
        const store = newStore();
        const snapshots = createMemorySnapshotStore({ keep: 2 });
        for (const { boxes, burst } of steps) {
          const { repository } = forgetful(store, snapshots, every);
          const commands = Array.from({ length: burst }, () =>
            repository.execute(put('a', boxes), context()),
          );
          await Promise.allSettled(commands);
          await new Promise(setImmediate);
        }
        const { boxes, kinds } = await found(store, snapshots);
        expect(boxes).toBe(await boxesOn(store, 'a'));
        expect(boxes).toBeLessThanOrEqual(SHELF_CAPACITY);
        expect(kinds).not.toContain('ignored');
      },
    ),
    { numRuns: 100 },
  );
});
