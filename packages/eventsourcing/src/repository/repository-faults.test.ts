import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_COMMIT_LIMITS } from '../event-store/commit-validation.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { appendTo, commitOf, newEvent } from '../testing/event-factory.ts';
import { withFaults } from '../testing/faulty-event-store.ts';
import {
  boxesOn,
  context,
  FULL,
  hold,
  LOST_ANSWER,
  NEVER_ARRIVES,
  NOTHING_WRONG,
  newStore,
  repositoryOn,
} from '../testing/repositories.ts';
import { move, moved, put, SHELF, type ShelfEvent, shelf } from '../testing/shelves.ts';
import type { Aggregate } from './aggregate.ts';
import { OutcomeUnknown } from './errors.ts';

describe('when the store', () => {
  it('loses an answer, the identical commit is repeated and has one effect', async () => {
    const store = newStore();
    store.failAppends(LOST_ANSWER, NEVER_ARRIVES, LOST_ANSWER);
    const { answer } = await repositoryOn(store).execute(put('a', 3), context());
    expect(answer).toMatchObject([{ boxes: 3, revision: 0 }]);
    expect(new Set(store.commits.map((commit) => JSON.stringify(commit))).size).toBe(1);
    expect(await boxesOn(store, 'a')).toBe(3);
  });

  it('never says, the caller is told what was meant, and its key finds it out later', async () => {
    const reachable = createMemoryEventStore();
    const store = withFaults(reachable);
    const repository = repositoryOn(store, { timeoutMs: 100 });
    store.failAppends(LOST_ANSWER, ...Array<typeof NEVER_ARRIVES>(10).fill(NEVER_ARRIVES));
    const named = { ...put('a', 3), resourceId: 'box-17' };
    const unknown: unknown = await repository
      .execute(named, context({ key: 'k' }))
      .catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(OutcomeUnknown);
    expect(unknown).toMatchObject({ code: 'outcome-unknown', resourceId: 'box-17' });
    const again = await repositoryOn(reachable).execute(named, context({ key: 'k' }));
    expect(again).toMatchObject({ replayed: true, answer: [{ boxes: 3, revision: 0 }] });
  });

  it('is full, the command is refused and later ones succeed', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    store.failAppends(FULL);
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({ code: 'storage-full' });
    expect((await repository.execute(put('a', 1), context())).revision).toBe(0);
  });

  it('refuses one command of a merged commit as too large, its neighbours are recorded', async () => {
    const limits = { ...DEFAULT_COMMIT_LIMITS, maxEventBytes: 5_000 };
    const store = newStore({ limits });
    const repository = repositoryOn(store);
    const open = hold(store);
    const padded = { boxes: 1, note: 'x'.repeat(9_000) };
    const huge = { ...put('a', 1), decide: (): [ShelfEvent[]] => [[{ type: 'BoxesPut', data: padded }]] };
    const done = Promise.allSettled([
      repository.execute(put('a', 1), context()),
      repository.execute(put('a', 2), context()),
      repository.execute(huge, context()),
      repository.execute(put('a', 4), context()),
    ]);
    open();
    expect((await done).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await boxesOn(store, 'a')).toBe(7);
  });

  it('takes only small commits, a long queue becomes several, in order', async () => {
    const limits = { ...DEFAULT_COMMIT_LIMITS, maxCommitEvents: 7 };
    const store = newStore({ limits });
    const repository = repositoryOn(store);
    const open = hold(store);
    const done = Array.from({ length: 30 }, () => repository.execute(put('a', 1), context()));
    open();
    expect((await Promise.all(done)).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 30 }, (_, at) => at),
    );
  });

  it('is slow, waiting is bounded in time and number', async () => {
    const store = newStore();
    const repository = repositoryOn(store, { timeoutMs: 50, maxWaiting: 2 });
    const open = hold(store);
    const first = repository.execute(put('a', 1), context());
    const waiting = [1, 2].map(() => repository.execute(put('a', 1), context()));
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({ code: 'overloaded' });
    for (const each of await Promise.allSettled(waiting)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } });
    }
    expect(repository.waiting).toBe(0);
    open();
    expect((await first).revision).toBe(0);
    expect(await boxesOn(store, 'a')).toBe(1);
  });
});

describe('a key that was used', () => {
  const repeats = (count: number, repository: ReturnType<typeof repositoryOn>) =>
    Array.from({ length: count }, (_, at) => repository.execute(put('a', 1), context({ key: `k${at}` })));
  /** The streams are free again: what comes next is taken at once. */
  const used = async (count: number, repository: ReturnType<typeof repositoryOn>) => {
    await Promise.all(repeats(count, repository));
    await setImmediate();
  };

  it('is answered also where there is no more room to wait, and where waiting takes too long', async () => {
    const store = newStore();
    const repository = repositoryOn(store, { timeoutMs: 50, maxWaiting: 2 });
    await used(1, repository);
    const open = hold(store);
    const first = repository.execute(put('a', 1), context());
    const waiting = [repository.execute(put('a', 1), context({ key: 'k0' })), ...repeats(1, repository)];
    const tooMany = repeats(1, repository);
    for (const each of await Promise.all([...waiting, ...tooMany])) {
      expect(each).toMatchObject({ replayed: true, revision: 0 });
    }
    open();
    await first;
  });

  it('is answered also where the store takes nothing', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await used(1, repository);
    store.failAppends(FULL);
    expect(await Promise.all(repeats(1, repository))).toMatchObject([{ replayed: true }]);
  });

  it('costs one append for all that are repeated at once, and those beside them are recorded', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await used(100, repository);
    const before = store.commits.length;
    const open = hold(store);
    const first = repository.execute(put('a', 1), context());
    const again = [...repeats(100, repository), repository.execute(put('a', 1), context({ key: 'new' }))];
    open();
    await first;
    const answers = await Promise.all(again);
    expect(answers.map(({ replayed }) => replayed)).toEqual([...Array<boolean>(100).fill(true), false]);
    // The held one, that of all that waited, and that of what was left of them.
    expect(store.commits.length - before).toBe(3);
    expect(await boxesOn(store, 'a')).toBe(102);
  });
});

describe('one command of several', () => {
  it('whose evolve fails leaves nothing behind, not even the half that could be done', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 10), context());
    const broken: Aggregate<number, ShelfEvent> = {
      ...SHELF,
      streamPrefix: 'broken-',
      evolve() {
        throw new Error('broken');
      },
    };
    const boxes = (count: number): ShelfEvent => ({ type: 'BoxesPut', data: { boxes: count } });
    const half = repository.execute(
      {
        on: [shelf('a'), { aggregate: broken, id: 'x' }],
        decide: () => [[boxes(-5)], [boxes(5)]],
        answer: moved,
      },
      context(),
    );
    const sound = repository.execute(put('a', 1), context());
    await expect(half).rejects.toThrow('broken');
    expect((await sound).revision).toBe(1);
    expect(await boxesOn(store, 'a')).toBe(11);
  });

  it('whose stream cannot be read is refused, and the others go on', async () => {
    const store = newStore();
    await store.append(commitOf(appendTo('shelf-b', 'no-stream', [newEvent({ type: 'BoxesPainted' })])));
    const repository = repositoryOn(store);
    const open = hold(store);
    const first = repository.execute(put('a', 5), context());
    const unreadable = repository.execute(move('a', 'b', 1), context());
    const last = repository.execute(put('a', 1), context());
    open();
    await expect(unreadable).rejects.toMatchObject({ code: 'unknown-event-type' });
    expect((await Promise.all([first, last])).map(({ revision }) => revision)).toEqual([0, 1]);
  });

  it('whose answer cannot be made does not take the others with it', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    const open = hold(store);
    const mute = {
      ...put('a', 2),
      answer: (): never => {
        throw new Error('no words');
      },
    };
    const first = repository.execute(put('a', 1), context());
    const unanswered = repository.execute(mute, context());
    const last = repository.execute(put('a', 4), context());
    open();
    await expect(unanswered).rejects.toThrow('no words');
    expect((await Promise.all([first, last])).map(({ revision }) => revision)).toEqual([0, 2]);
    expect(await boxesOn(store, 'a')).toBe(7);
  });

  it('that decides an event its aggregate does not declare is refused: nobody could read it again', async () => {
    const store = newStore();
    const painted = { type: 'BoxesPainted', data: { boxes: 1 } };
    const repository = repositoryOn(store);
    const undeclared = repository.execute(
      { ...put('a', 1), decide: () => [[painted as ShelfEvent]] },
      context(),
    );
    await expect(undeclared).rejects.toThrow(/BoxesPainted/);
    expect(await store.head()).toBeUndefined();
  });

  it('whose data would hide where sealed data go is refused', async () => {
    const data = { boxes: 1, personal: 'mine' };
    const hiding = { ...put('a', 1), decide: (): [ShelfEvent[]] => [[{ type: 'BoxesPut', data }]] };
    await expect(repositoryOn(newStore()).execute(hiding, context())).rejects.toThrow(/personal/);
  });
});

describe('a repeat', () => {
  it('of a command that prepares something prepares nothing', async () => {
    let prepared = 0;
    const prepare = async () => void prepared++;
    const repository = repositoryOn(newStore());
    const first = await repository.execute({ ...put('a', 1), prepare }, context({ key: 'k' }));
    const again = await repository.execute({ ...put('b', 1), prepare }, context({ key: 'k' }));
    expect(again).toEqual({ ...first, replayed: true });
    expect(prepared).toBe(1);
  });

  it('does not read its stream again: its state is as good as before', async () => {
    const store = newStore();
    const reads: string[] = [];
    const counted: EventStore = {
      ...store,
      readStream(stream, options) {
        reads.push(`${stream} from ${options?.from ?? 0}`);
        return store.readStream(stream, options);
      },
    };
    const repository = repositoryOn(counted);
    for (let at = 0; at < 5; at++) await repository.execute(put('a', 1), context({ key: 'k' }));
    await repository.execute(put('a', 1), context());
    expect(reads.filter((read) => read === 'shelf-a from 0')).toEqual(Array(5).fill('shelf-a from 0'));
  });

  it('is given up at once where a store in this process has stopped', async () => {
    const store = newStore();
    const stopped = { kind: 'refused', code: 'store-unavailable' } as const;
    store.failAppends(NEVER_ARRIVES, stopped);
    const started = Date.now();
    const unknown = repositoryOn(store, { timeoutMs: 60_000 }).execute(put('a', 1), context());
    await expect(unknown).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(Date.now() - started).toBeLessThan(30_000);
  });
});

it('keeps its promises under random commands, lost answers, full disks and other writers', async () => {
  const ids = fc.constantFrom('a', 'b', 'c');
  const command = fc.record({
    from: ids,
    to: ids,
    boxes: fc.integer({ min: -20, max: 20 }),
    key: fc.option(fc.nat(5), { nil: undefined }),
    writer: fc.nat(1),
  });
  const fault = fc.constantFrom(NOTHING_WRONG, NOTHING_WRONG, LOST_ANSWER, NEVER_ARRIVES, FULL);
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 40 }),
      fc.array(fault, { maxLength: 4 }),
      async (commands, faults) => {
        const store = newStore({ sharedWriters: true });
        store.failAppends(...faults);
        const repositories = [repositoryOn(store), repositoryOn(store)];
        const effects = new Map<string, number>();
        await Promise.all(
          commands.map(async ({ from, to, boxes, key, writer }) => {
            const given = context(
              key === undefined ? {} : { key: String(key), hash: JSON.stringify([from, to, boxes]) },
            );
            const repository = repositories[writer] ?? repositoryOn(store);
            const execution =
              from === to
                ? repository.execute(put(from, boxes), given)
                : repository.execute(move(from, to, Math.abs(boxes)), given);
            const executed = await execution.catch(() => undefined);
            if (executed === undefined || executed.replayed) return;
            for (const each of executed.answer)
              effects.set(each.stream, (effects.get(each.stream) ?? 0) + each.boxes);
          }),
        );
        for (const id of ['a', 'b', 'c']) {
          const boxes = await boxesOn(store, id);
          expect(boxes).toBe(effects.get(`shelf-${id}`) ?? 0);
          expect(boxes).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    // Each fault in a row doubles the pause before the next repeat, from 20 ms: four take 0.3 s at most.
    { numRuns: 40 },
  );
}, 60_000);
