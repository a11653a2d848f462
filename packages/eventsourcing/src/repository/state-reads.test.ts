import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { context, NEVER_ARRIVES, newStore, repositoryOn } from '../testing/repositories.ts';
import { put, SHELF_CAPACITY, ShelfRefusal, shelf } from '../testing/shelves.ts';

describe('loading one aggregate', () => {
  it('answers the state as its stream has it, and where that is', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 3), context());
    await repository.execute(put('a', 4), context());
    expect(await repository.load(shelf('a'))).toEqual({ state: 7, revision: 1 });
  });

  it('answers the initial state at revision -1 where there is no stream', async () => {
    expect(await repositoryOn(newStore()).load(shelf('a'))).toEqual({ state: 0, revision: -1 });
  });

  it('reads no stream whose state is in memory', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 3), context());
    store.failLookups(10);
    expect(await repository.load(shelf('a'))).toEqual({ state: 3, revision: 0 });
  });

  it('leaves in memory what it has read, for the command that follows', async () => {
    const store = newStore();
    await repositoryOn(store).execute(put('a', 3), context());
    const repository = repositoryOn(store);
    await repository.load(shelf('a'));
    store.failLookups(10);
    expect((await repository.execute(put('a', 1), context())).revision).toBe(1);
  });

  it('shows what other writers have appended meanwhile', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    await one.execute(put('a', 3), context());
    await other.execute(put('a', 4), context());
    expect(await one.load(shelf('a'))).toEqual({ state: 7, revision: 1 });
  });

  it('passes the fault of the store on', async () => {
    const store = newStore();
    store.failLookups(1);
    await expect(repositoryOn(store).load(shelf('a'))).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

/** A store whose next read of a stream has seen what there is, and does not answer before it is let go. */
function slowReads(store: EventStore) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow: EventStore = {
    ...store,
    async *readStream(stream, options) {
      const pages = await Array.fromAsync(store.readStream(stream, options));
      await promise;
      yield* pages;
    },
  };
  return { slow, letGo: resolve };
}

describe('a load that was overtaken', () => {
  it('does not put its older state in the place of the newer one', async () => {
    const store = newStore();
    await repositoryOn(store).execute(put('a', SHELF_CAPACITY), context());
    let readers: EventStore = store;
    const repository = repositoryOn({
      ...store,
      readStream: (stream, options) => readers.readStream(stream, options),
    });
    const { slow, letGo } = slowReads(store);
    readers = slow;
    const late = repository.load(shelf('a'));
    await setImmediate();
    readers = store;
    await repository.execute(put('a', -1), context());
    letGo();
    expect(await late).toEqual({ state: SHELF_CAPACITY, revision: 0 });
    expect((await repository.execute(put('a', 1), context())).revision).toBe(2);
  });

  it('keeps nothing in memory of a stream that an append with an unknown outcome has left in doubt', async () => {
    const store = newStore();
    await repositoryOn(store).execute(put('a', 1), context());
    let readers: EventStore = store;
    const repository = repositoryOn(
      { ...store, readStream: (stream, options) => readers.readStream(stream, options) },
      { timeoutMs: 30 },
    );
    const { slow, letGo } = slowReads(store);
    readers = slow;
    const late = repository.load(shelf('a'));
    await setImmediate();
    readers = store;
    store.failAppends(
      { kind: 'unknown', written: true },
      ...Array<typeof NEVER_ARRIVES>(10).fill(NEVER_ARRIVES),
    );
    const unknown = repository.execute(put('a', SHELF_CAPACITY - 1), context());
    await expect(unknown).rejects.toMatchObject({ code: 'outcome-unknown' });
    letGo();
    await late;
    await expect(repository.execute(put('a', 1), context())).rejects.toBeInstanceOf(ShelfRefusal);
  });
});
