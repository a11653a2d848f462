import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainLink } from '../chain.ts';
import { EventSourcingError } from '../errors.ts';
import { DEFAULT_COMMIT_LIMITS } from '../event-store/commit-validation.ts';
import type { Commit, EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import { createVault } from '../personal-data/vault.ts';
import { appendTo, commitOf, newEvent } from '../testing/event-factory.ts';
import { eventsOf } from '../testing/event-store-harness.ts';
import { move, put, SHELF_CAPACITY, type ShelfEvent, ShelfRefusal, shelf } from '../testing/shelves.ts';
import type { AnswerEvent, CommandContext } from './command.ts';
import { IdempotencyKeyReused, OutcomeUnknown, PreconditionFailed } from './errors.ts';
import { createEventClock } from './event-clock.ts';
import { createRepository, type RepositoryOptions } from './repository.ts';

const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: new Uint8Array(32) });

function context(wanted: Partial<CommandContext> & { key?: string; hash?: string } = {}): CommandContext {
  const { key, hash = 'same request', ...rest } = wanted;
  const commandId = randomUUID();
  const idempotency =
    key === undefined ? undefined : { claim: `idempotency/somebody/${key}`, requestHash: hash };
  return {
    commandId,
    correlationId: commandId,
    causationId: commandId,
    actor: 'somebody',
    idempotency,
    ...rest,
  };
}

/** A store whose appends a test can watch, hold back and let fail; each of the given faults strikes one append. */
function watched(store: EventStore = createMemoryEventStore()) {
  const commits: Commit[] = [];
  const faults: ('none' | 'lost answer' | 'never arrives' | 'storage-full')[] = [];
  let gate: Promise<void> = Promise.resolve();
  let inFlight = 0;
  const watchedStore: EventStore = {
    ...store,
    async append(commit) {
      commits.push(commit);
      inFlight++;
      try {
        await gate;
        const fault = faults.shift();
        if (fault === 'storage-full') throw new EventSourcingError('storage-full', 'no room');
        if (fault === 'never arrives') throw new EventSourcingError('outcome-unknown', 'no answer');
        const appended = await store.append(commit);
        if (fault === 'lost answer') throw new EventSourcingError('outcome-unknown', 'no answer');
        return appended;
      } finally {
        inFlight--;
      }
    },
  };
  return {
    store: watchedStore,
    commits,
    faults,
    get inFlight() {
      return inFlight;
    },
    /** Holds appends back until the returned function is called. */
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
}

const repositoryOn = (store: EventStore, options: Partial<RepositoryOptions> = {}) =>
  createRepository({ store, vault, ...options });

const boxesOn = async (store: EventStore, id: string) =>
  (await eventsOf(store.readStream(`shelf-${id}`))).reduce(
    (sum, { data }) => sum + JSON.parse(data).boxes,
    0,
  );

describe('repository', () => {
  it("answers from the command's own events", async () => {
    const { store } = watched();
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
    const { store } = watched();
    await repositoryOn(store).execute(put('a', SHELF_CAPACITY), context());
    await expect(repositoryOn(store).execute(put('a', 1), context())).rejects.toBeInstanceOf(ShelfRefusal);
  });

  it('merges what waits for one aggregate into one commit, in order', async () => {
    const { store, commits, hold } = watched();
    const repository = repositoryOn(store);
    const open = hold();
    const all = Array.from({ length: 50 }, (_, at) => repository.execute(put('a', at + 1), context()));
    open();
    const executed = await Promise.all(all);
    expect(executed.map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(commits.map(({ streams }) => streams[0]?.events.length)).toEqual([1, 49]);
  });

  it('has one append in flight per aggregate, and as many as there are aggregates', async () => {
    const all = watched();
    const repository = repositoryOn(all.store);
    const open = all.hold();
    const done = ['a', 'a', 'b', 'b', 'c'].map((id) => repository.execute(put(id, 1), context()));
    await delay(1);
    expect(all.inFlight).toBe(3);
    open();
    await Promise.all(done);
    expect(await boxesOn(all.store, 'a')).toBe(2);
  });

  it('answers a refusal only when what it was decided on is durable', async () => {
    const { store, hold } = watched();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 1), context());
    const open = hold();
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
    const { store, faults, hold } = watched();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 1), context());
    const open = hold();
    const first = repository.execute(put('a', 1), context());
    await delay(1);
    const fill = repository.execute(put('a', SHELF_CAPACITY - 2), context());
    const next = repository.execute(put('a', 1), context());
    faults.push('none', 'storage-full');
    open();
    await first;
    await expect(fill).rejects.toMatchObject({ code: 'storage-full' });
    expect((await next).answer).toMatchObject([{ boxes: 1, revision: 2 }]);
  });

  it('runs a command over several aggregates as one commit', async () => {
    const { store, commits } = watched();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 10), context());
    const { answer } = await repository.execute(move('a', 'b', 4), context());
    expect(answer).toMatchObject([
      { boxes: -4, stream: 'shelf-a', revision: 1 },
      { boxes: 4, stream: 'shelf-b', revision: 0 },
    ]);
    expect(commits.at(-1)?.streams.map(({ stream }) => stream)).toEqual(['shelf-a', 'shelf-b']);
  });

  it('neither blocks nor loses moves in both directions at once', async () => {
    const { store } = watched();
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
    await expect(repositoryOn(watched().store).execute(move('a', 'a', 1), context())).rejects.toThrow(
      /twice/,
    );
  });

  it('answers a command that changes nothing, and records nothing', async () => {
    const { store, commits } = watched();
    const repository = repositoryOn(store);
    const first = await repository.execute(put('a', 1), context());
    expect(await repository.execute(put('a', 0), context())).toEqual({
      answer: [],
      position: first.position,
      revision: 0,
      replayed: false,
    });
    expect(commits.length).toBe(1);
  });
});

describe('an idempotency key', () => {
  it('has one effect, and its repeats get the first answer', async () => {
    const { store } = watched();
    const repository = repositoryOn(store);
    const first = await repository.execute(put('a', 2), context({ key: 'k' }));
    await repository.execute(put('a', 5), context());
    const again = await repository.execute(put('a', 2), context({ key: 'k' }));
    expect(again).toEqual({ ...first, replayed: true });
    expect(await boxesOn(store, 'a')).toBe(7);
  });

  it.each(['in one queue', 'in two repositories'])('has one effect under concurrency, %s', async (where) => {
    const { store } = watched(createMemoryEventStore({ sharedWriters: true }));
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
    const repository = repositoryOn(watched().store);
    await repository.execute(put('a', 7), context());
    const first = await repository.execute(put('a', -7), context({ key: 'k' }));
    const again = await repository.execute(put('a', -7), context({ key: 'k' }));
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('is looked up before a failed precondition and before "nothing to do"', async () => {
    const repository = repositoryOn(watched().store);
    const first = await repository.execute(put('a', 7), context({ key: 'k' }));
    const stale = await repository.execute(put('a', 7), context({ key: 'k', expectedRevision: -1 }));
    expect(stale).toEqual({ ...first, replayed: true });
    const idle = await repository.execute(put('a', 0), context({ key: 'k' }));
    expect(idle).toEqual({ ...first, replayed: true });
  });

  it('belongs to its request', async () => {
    const repository = repositoryOn(watched().store);
    await repository.execute(put('a', 1), context({ key: 'k' }));
    const other = context({ key: 'k', hash: 'another request' });
    await expect(repository.execute(put('b', 1), other)).rejects.toBeInstanceOf(IdempotencyKeyReused);
    await expect(repository.execute(put('b', SHELF_CAPACITY + 1), other)).rejects.toBeInstanceOf(
      IdempotencyKeyReused,
    );
  });

  it('is not used up by a refusal', async () => {
    const repository = repositoryOn(watched().store);
    const spend = () => repository.execute(put('a', -1), context({ key: 'k' }));
    await expect(spend()).rejects.toBeInstanceOf(ShelfRefusal);
    await repository.execute(put('a', 1), context());
    expect((await spend()).replayed).toBe(false);
  });

  it('that is taken takes its command out of a merged commit, and the rest is recorded', async () => {
    const all = watched();
    const repository = repositoryOn(all.store);
    const first = await repository.execute(put('b', 1), context({ key: 'k' }));
    const open = all.hold();
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
    expect(await boxesOn(all.store, 'a')).toBe(11);
  });

  it('gets 5xx, never a refusal, where the key cannot be looked up', async () => {
    const { store } = watched();
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
    const { store } = watched();
    const repository = repositoryOn(store);
    const all = await Promise.allSettled(
      ['a', 'a', 'a', 'b'].map((id) => repository.execute(once(id, 'inventory/2026'), context())),
    );
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const each of all) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(ShelfRefusal);
  });

  it('does not stand before the key: a repeat gets its first answer', async () => {
    const repository = repositoryOn(watched().store);
    const first = await repository.execute(once('a', 'inventory/2026'), context({ key: 'k' }));
    expect(await repository.execute(once('a', 'inventory/2026'), context({ key: 'k' }))).toEqual({
      ...first,
      replayed: true,
    });
  });
});

describe('a precondition', () => {
  it('holds at the revision that was seen and fails at any other', async () => {
    const repository = repositoryOn(watched().store);
    await repository.execute(put('a', 1), context());
    await repository.execute(put('a', 1), context({ expectedRevision: 0 }));
    const stale = repository.execute(put('a', 1), context({ expectedRevision: 0 }));
    await expect(stale).rejects.toBeInstanceOf(PreconditionFailed);
  });

  it('lets one of two concurrent commands through', async () => {
    const repository = repositoryOn(watched().store);
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

  it('confirms a failed precondition too', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    await one.execute(put('a', 1), context());
    await other.execute(put('a', 1), context());
    expect((await one.execute(put('a', 1), context({ expectedRevision: 1 }))).revision).toBe(2);
  });
});

describe('when the store', () => {
  it('loses an answer, the identical commit is repeated and has one effect', async () => {
    const { store, faults, commits } = watched();
    faults.push('lost answer', 'never arrives', 'lost answer');
    const { answer } = await repositoryOn(store).execute(put('a', 3), context());
    expect(answer).toMatchObject([{ boxes: 3, revision: 0 }]);
    expect(new Set(commits.map((commit) => JSON.stringify(commit))).size).toBe(1);
    expect(await boxesOn(store, 'a')).toBe(3);
  });

  it('never says, the caller is told what was meant, and its key finds it out later', async () => {
    const { store, faults } = watched();
    const repository = repositoryOn(store, { timeoutMs: 100 });
    faults.push('lost answer', ...Array<'never arrives'>(10).fill('never arrives'));
    const named = { ...put('a', 3), resourceId: 'box-17' };
    const unknown: unknown = await repository
      .execute(named, context({ key: 'k' }))
      .catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(OutcomeUnknown);
    expect(unknown).toMatchObject({ code: 'outcome-unknown', resourceId: 'box-17' });
    faults.length = 0;
    const again = await repository.execute(named, context({ key: 'k' }));
    expect(again).toMatchObject({ replayed: true, answer: [{ boxes: 3, revision: 0 }] });
  });

  it('is full, the command is refused and later ones succeed', async () => {
    const { store, faults } = watched();
    const repository = repositoryOn(store);
    faults.push('storage-full');
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({ code: 'storage-full' });
    expect((await repository.execute(put('a', 1), context())).revision).toBe(0);
  });

  it('refuses one command of a merged commit as too large, its neighbours are recorded', async () => {
    const limits = { ...DEFAULT_COMMIT_LIMITS, maxEventBytes: 5_000 };
    const all = watched(createMemoryEventStore({ limits }));
    const repository = repositoryOn(all.store);
    const open = all.hold();
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
    expect(await boxesOn(all.store, 'a')).toBe(7);
  });

  it('takes only small commits, a long queue becomes several, in order', async () => {
    const limits = { ...DEFAULT_COMMIT_LIMITS, maxCommitEvents: 7 };
    const all = watched(createMemoryEventStore({ limits }));
    const repository = repositoryOn(all.store);
    const open = all.hold();
    const done = Array.from({ length: 30 }, () => repository.execute(put('a', 1), context()));
    open();
    expect((await Promise.all(done)).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 30 }, (_, at) => at),
    );
  });

  it('is slow, waiting is bounded in time and number', async () => {
    const all = watched();
    const repository = repositoryOn(all.store, { timeoutMs: 50, maxWaiting: 2 });
    const open = all.hold();
    const first = repository.execute(put('a', 1), context());
    const waiting = [1, 2].map(() => repository.execute(put('a', 1), context()));
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({ code: 'overloaded' });
    for (const each of await Promise.allSettled(waiting)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } });
    }
    expect(repository.waiting).toBe(0);
    open();
    expect((await first).revision).toBe(0);
    expect(await boxesOn(all.store, 'a')).toBe(1);
  });
});

describe('what is recorded', () => {
  it('continues the chain of its stream, also in another process', async () => {
    const { store } = watched();
    await repositoryOn(store).execute(put('a', 1), context());
    const repository = repositoryOn(store);
    await Promise.all(
      [1, 2, 3].map((boxes) => repository.execute(put('a', boxes), context({ traceparent: '00-1' }))),
    );
    let link = CHAIN_START;
    for (const { stream, revision, position, link: stored, ...event } of await eventsOf(
      store.readStream('shelf-a'),
    )) {
      link = chainLink(link, stream, revision, event);
      expect(stored, `${stream}@${revision} at ${position}`).toBe(link);
    }
  });

  it('says who, why, and where in its command and commit', async () => {
    const { store } = watched();
    const repository = repositoryOn(store);
    const given = context({ traceparent: '00-1' });
    await repository.execute(move('a', 'b', 0), given);
    const [event] = await eventsOf(store.readStream('shelf-b'));
    expect(Object.keys(event?.metadata ?? {})).toEqual(Object.keys(event?.metadata ?? {}).sort());
    expect(event).toMatchObject({
      type: 'BoxesPut',
      schemaVersion: 1,
      metadata: {
        actor: 'somebody',
        aggregate_id: 'b',
        aggregate_type: 'Shelf',
        causation_id: given.commandId,
        command_id: given.commandId,
        command_index: '1',
        commit_index: '1',
        commit_size: '2',
        correlation_id: given.commandId,
        traceparent: '00-1',
      },
    });
  });

  it('has ever later times, even if the clock is set back', async () => {
    const { store } = watched();
    let now = 2_000;
    const repository = repositoryOn(store, { clock: createEventClock(5_000_000, () => now--) });
    for (const id of ['a', 'b', 'a', 'b']) await repository.execute(put(id, 1), context());
    const pages = [];
    for await (const page of store.readAll()) pages.push(...page.events);
    expect(pages.map(({ recordedAt }) => recordedAt)).toEqual([5_000_001, 5_000_002, 5_000_003, 5_000_004]);
  });

  it('keeps personal data sealed, and answers it in the clear, now and when repeated', async () => {
    const { store } = watched();
    const subject = randomUUID();
    const secret = 'Alice was here';
    const event: ShelfEvent = {
      type: 'BoxesPut',
      data: { boxes: 1 },
      personal: { subject, plain: { secret } },
    };
    const execution = {
      on: [shelf('a')] as const,
      decide: (): [ShelfEvent[]] => [[event]],
      answer: (events: readonly AnswerEvent[]) => events.map(({ event }) => event.personal),
      prepare: () => vault.createKey(subject),
    };
    const repository = repositoryOn(store);
    const first = await repository.execute(execution, context({ key: 'k' }));
    const again = await repository.execute(execution, context({ key: 'k' }));
    expect(first.answer).toEqual([{ subject, plain: { secret } }]);
    expect(again.answer).toEqual(first.answer);
    const [stored] = await eventsOf(store.readStream('shelf-a'));
    expect(JSON.stringify(stored)).not.toContain('Alice');
    expect(JSON.parse(stored?.data ?? '').personal.subject).toBe(subject);
  });

  it('waits for its preparation, which a refusal does not run', async () => {
    const { store, commits } = watched();
    const seen: number[] = [];
    const prepare = async () => void seen.push(commits.length);
    const repository = repositoryOn(store);
    await repository.execute({ ...put('a', 1), prepare }, context());
    await repository.execute({ ...put('a', SHELF_CAPACITY), prepare }, context()).catch(() => {});
    expect(seen).toEqual([0]);
  });

  it('by a newer version is an error that names the type, for this aggregate alone', async () => {
    const { store } = watched();
    await store.append(commitOf(appendTo('shelf-a', 'no-stream', [newEvent({ type: 'BoxesPainted' })])));
    const repository = repositoryOn(store);
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({
      code: 'unknown-event-type',
      message: expect.stringContaining('BoxesPainted'),
    });
    expect((await repository.execute(put('b', 1), context())).revision).toBe(0);
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
  const fault = fc.constantFrom('none', 'none', 'lost answer', 'never arrives', 'storage-full' as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 40 }),
      fc.array(fault, { maxLength: 12 }),
      async (commands, faults) => {
        const all = watched(createMemoryEventStore({ sharedWriters: true }));
        const strike = [...faults];
        const store: EventStore = {
          ...all.store,
          append(commit) {
            const next = strike.shift();
            all.faults.push(next ?? 'none');
            return all.store.append(commit);
          },
        };
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
          const boxes = await boxesOn(all.store, id);
          expect(boxes).toBe(effects.get(`shelf-${id}`) ?? 0);
          expect(boxes).toBeGreaterThanOrEqual(0);
        }
        const claims = all.commits.flatMap((commit) => commit.claims.map(({ name }) => name));
        expect(claims.every((name) => name.startsWith('idempotency/'))).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});
