import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { boxesOn, context, FULL, hold, newStore, repositoryOn } from '../testing/repositories.ts';
import { move, put, SHELF_CAPACITY, type ShelfEvent, ShelfRefusal, shelf } from '../testing/shelves.ts';
import { IdempotencyKeyReused, PreconditionFailed } from './errors.ts';

describe('repository', () => {
  it("answers from the command's own events", async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 3), context());
    const executed = await repository.execute(put('a', 4), context());
    expect(executed).toMatchObject({
      answer: [{ boxes: 4, stream: 'shelf-a', revision: 1 }],
      revision: 1,
      replayed: false,
    });
    expect(executed.position).toBe(await store.head());
  });

  it('decides on what is in the store, whoever wrote it', async () => {
    const store = newStore();
    await repositoryOn(store).execute(put('a', SHELF_CAPACITY), context());
    await expect(repositoryOn(store).execute(put('a', 1), context())).rejects.toBeInstanceOf(ShelfRefusal);
  });

  it('merges what waits for one aggregate into one commit, in order', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const open = hold(store);
    const all = Array.from({ length: 50 }, (_, at) => repository.execute(put('a', at + 1), context()));
    open();
    const executed = await Promise.all(all);
    expect(executed.map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(store.commits.map(({ streams }) => streams[0]?.events.length)).toEqual([1, 49]);
  });

  it('has one append in flight per aggregate, and as many as there are aggregates', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const open = hold(store, 3);
    const done = ['a', 'a', 'b', 'b', 'c'].map((id) => repository.execute(put(id, 1), context()));
    await delay(1);
    expect(store.commits.length).toBe(3);
    open();
    await Promise.all(done);
    expect(await boxesOn(store, 'a')).toBe(2);
  });

  it('answers a refusal only when what it was decided on is durable', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 1), context());
    const open = hold(store);
    const settled: string[] = [];
    const note = (name: string) => () => void settled.push(name);
    const first = repository.execute(put('a', 1), context()).then(note('first'));
    const fill = repository.execute(put('a', SHELF_CAPACITY - 2), context()).then(note('fill'));
    const refused = repository.execute(put('a', 1), context()).catch(note('refused'));
    await delay(5);
    expect(settled).toEqual([]);
    open();
    await Promise.all([first, fill, refused]);
    expect(settled).toEqual(['first', 'fill', 'refused']);
  });

  it('decides again what was refused because of events that then could not be stored', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 1), context());
    const open = hold(store);
    const first = repository.execute(put('a', 1), context());
    await delay(1);
    const fill = repository.execute(put('a', SHELF_CAPACITY - 2), context());
    const next = repository.execute(put('a', 1), context());
    store.failAppends(FULL);
    open();
    await first;
    await expect(fill).rejects.toMatchObject({ code: 'storage-full' });
    expect((await next).answer).toMatchObject([{ boxes: 1, revision: 2 }]);
  });

  it('runs a command over several aggregates as one commit', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 10), context());
    const { answer } = await repository.execute(move('a', 'b', 4), context());
    expect(answer).toMatchObject([
      { boxes: -4, stream: 'shelf-a', revision: 1 },
      { boxes: 4, stream: 'shelf-b', revision: 0 },
    ]);
    expect(store.commits.at(-1)?.streams.map(({ stream }) => stream)).toEqual(['shelf-a', 'shelf-b']);
  });

  it('neither blocks nor loses moves in both directions at once', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await Promise.all(['a', 'b', 'c'].map((id) => repository.execute(put(id, 1_000), context())));
    const ring = [
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const;
    await Promise.all(
      Array.from({ length: 200 }, (_, at) => ring[at % 4] ?? ring[0]).map(([from, to]) =>
        repository.execute(move(from, to, 1), context()),
      ),
    );
    expect(await boxesOn(store, 'a')).toBe(1_000 - 50 + 50 + 50);
    expect(await boxesOn(store, 'b')).toBe(1_000 + 50 - 50 - 50);
    expect(await boxesOn(store, 'c')).toBe(1_000);
  });

  it('refuses a command that names an aggregate twice', async () => {
    await expect(repositoryOn(newStore()).execute(move('a', 'a', 1), context())).rejects.toThrow(/twice/);
  });

  it('answers a command that changes nothing, and records nothing', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const first = await repository.execute(put('a', 1), context());
    expect(await repository.execute(put('a', 0), context())).toEqual({
      answer: [],
      position: first.position,
      revision: 0,
      replayed: false,
    });
    expect(store.commits.length).toBe(1);
  });
});

describe('an idempotency key', () => {
  it('has one effect, and its repeats get the first answer', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const first = await repository.execute(put('a', 2), context({ key: 'k' }));
    await repository.execute(put('a', 5), context());
    const again = await repository.execute(put('a', 2), context({ key: 'k' }));
    expect(again).toEqual({ ...first, replayed: true });
    expect(await boxesOn(store, 'a')).toBe(7);
  });

  it.each(['in one queue', 'in two repositories'])('has one effect under concurrency, %s', async (where) => {
    const store = newStore({ sharedWriters: true });
    const one = repositoryOn(store);
    const other = where === 'in one queue' ? one : repositoryOn(store);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? one : other).execute(put('a', 2), context({ key: 'k' })),
      ),
    );
    expect(all.filter(({ replayed }) => !replayed).length).toBe(1);
    expect(new Set(all.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(await boxesOn(store, 'a')).toBe(2);
  });

  it('is looked up before a refusal: who took everything gets the first answer again, not "only 0 left"', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 7), context());
    const first = await repository.execute(put('a', -7), context({ key: 'k' }));
    const again = await repository.execute(put('a', -7), context({ key: 'k' }));
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('is looked up before a failed precondition and before "nothing to do"', async () => {
    const repository = repositoryOn(newStore());
    const first = await repository.execute(put('a', 7), context({ key: 'k' }));
    const stale = await repository.execute(put('a', 7), context({ key: 'k', expectedRevision: -1 }));
    expect(stale).toEqual({ ...first, replayed: true });
    const idle = await repository.execute(put('a', 0), context({ key: 'k' }));
    expect(idle).toEqual({ ...first, replayed: true });
  });

  it('belongs to its request', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 1), context({ key: 'k' }));
    const other = context({ key: 'k', hash: 'another request' });
    await expect(repository.execute(put('b', 1), other)).rejects.toBeInstanceOf(IdempotencyKeyReused);
    await expect(repository.execute(put('b', SHELF_CAPACITY + 1), other)).rejects.toBeInstanceOf(
      IdempotencyKeyReused,
    );
  });

  it('is not used up by a refusal', async () => {
    const repository = repositoryOn(newStore());
    const spend = () => repository.execute(put('a', -1), context({ key: 'k' }));
    await expect(spend()).rejects.toBeInstanceOf(ShelfRefusal);
    await repository.execute(put('a', 1), context());
    expect((await spend()).replayed).toBe(false);
  });

  it('that is taken takes its command out of a merged commit, and the rest is recorded', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const first = await repository.execute(put('b', 1), context({ key: 'k' }));
    const open = hold(store);
    const done = [
      repository.execute(put('a', 1), context()),
      repository.execute(put('a', 2), context()),
      repository.execute(put('a', 4), context({ key: 'k' })),
      repository.execute(put('a', 8), context()),
    ];
    open();
    const executed = await Promise.all(done);
    expect(executed.map(({ replayed }) => replayed)).toEqual([false, false, true, false]);
    expect(executed[2]?.answer).toEqual(first.answer);
    expect(await boxesOn(store, 'a')).toBe(11);
  });

  it('gets 5xx, never a refusal, where the key cannot be looked up', async () => {
    const store = newStore();
    const unreachable: EventStore = {
      ...store,
      claim: () => Promise.reject(new EventSourcingError('store-unavailable', 'away')),
    };
    const refused = repositoryOn(unreachable).execute(put('a', -1), context({ key: 'k' }));
    await expect(refused).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('a once-only claim', () => {
  const once = (id: string, claim: string) => ({
    ...put(id, 1),
    claims: [{ claim, taken: () => new ShelfRefusal('already done') }],
  });

  it('refuses the second command, also when both wait in one queue', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const all = await Promise.allSettled(
      ['a', 'a', 'a', 'b'].map((id) => repository.execute(once(id, 'inventory/2026'), context())),
    );
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const each of all) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ShelfRefusal);
  });

  it('points at one stream only, however many there are: the key alone points at all', async () => {
    const store = newStore();
    const ids = Array.from({ length: 300 }, (_, at) => `shelf-${at}`);
    const box: ShelfEvent = { type: 'BoxesPut', data: { boxes: 1 } };
    const keyed = context({ key: 'k' });
    await repositoryOn(store).execute(
      {
        on: ids.map(shelf),
        decide: (states) => states.map(() => [box]),
        answer: () => 'done',
        claims: ids.flatMap((id) => once(id, `inventory/${id}`).claims),
      },
      keyed,
    );
    expect((await store.claim('inventory/shelf-7'))?.events).toHaveLength(1);
    expect((await store.claim(keyed.idempotency?.claim ?? ''))?.events).toHaveLength(300);
  });

  it('is told before another rule that forbids it by now, and not before a fault', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(once('a', 'inventory/2026'), context());
    const refused = { ...put('a', -2), claims: once('a', 'inventory/2026').claims };
    await expect(repository.execute(refused, context())).rejects.toThrow('already done');
    await expect(repository.execute(refused, context({ expectedRevision: 7 }))).rejects.toBeInstanceOf(
      PreconditionFailed,
    );
  });

  it('does not stand before the key: a repeat gets its first answer', async () => {
    const repository = repositoryOn(newStore());
    const first = await repository.execute(once('a', 'inventory/2026'), context({ key: 'k' }));
    expect(await repository.execute(once('a', 'inventory/2026'), context({ key: 'k' }))).toEqual({
      ...first,
      replayed: true,
    });
  });
});

describe('a precondition', () => {
  it('holds at the revision that was seen and fails at any other', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 1), context());
    await repository.execute(put('a', 1), context({ expectedRevision: 0 }));
    const stale = repository.execute(put('a', 1), context({ expectedRevision: 0 }));
    await expect(stale).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('does not stand before "there is no such thing"', async () => {
    const missing = repositoryOn(newStore()).execute(put('a', -1), context({ expectedRevision: 3 }));
    await expect(missing).rejects.toBeInstanceOf(ShelfRefusal);
  });

  it('lets one of two concurrent commands through', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 1), context());
    const both = [1, 2].map(() => repository.execute(put('a', 1), context({ expectedRevision: 0 })));
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});

describe('with other writers', () => {
  it('retries conflicts: nothing is lost, nothing merged', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const repositories = [1, 2, 3].map(() => repositoryOn(store));
    const all = repositories.flatMap((repository) =>
      Array.from({ length: 20 }, (_, at) =>
        at % 3
          ? repository.execute(put('a', 1), context())
          : repository.execute(move('a', 'b', 0), context()),
      ),
    );
    await Promise.all(all);
    expect((await boxesOn(store, 'a')) + (await boxesOn(store, 'b'))).toBe(3 * 13);
  });

  it('reports a conflict that does not end', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const stubborn: EventStore = {
      ...store,
      async append(commit) {
        await repositoryOn(store).execute(put('a', 1), context());
        return store.append(commit);
      },
    };
    const refused = repositoryOn(stubborn, { maxConflicts: 2 }).execute(put('a', 1), context());
    await expect(refused).rejects.toMatchObject({ code: 'revision-conflict', stream: 'shelf-a' });
  });

  it('confirms a refusal against the stream before it answers', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    await one.execute(put('a', SHELF_CAPACITY), context());
    await other.execute(put('a', -1), context());
    expect((await one.execute(put('a', 1), context())).revision).toBe(2);
  });

  it('confirms that there is nothing to do', async () => {
    const store = newStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    const fill: ReturnType<typeof put> = {
      ...put('a', 0),
      decide: ([held]) => [held > 0 ? [] : [{ type: 'BoxesPut', data: { boxes: 5 } }]],
    };
    await one.execute(fill, context());
    await other.execute(put('a', -5), context());
    expect((await one.execute(fill, context())).revision).toBe(2);
  });

  it('confirms a failed precondition too', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    await one.execute(put('a', 1), context());
    await other.execute(put('a', 1), context());
    expect((await one.execute(put('a', 1), context({ expectedRevision: 1 }))).revision).toBe(2);
  });
});
