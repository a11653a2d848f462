import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../event.ts';
import { DEFAULT_COMMIT_LIMITS } from '../event-store/commit-validation.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import { createVault } from '../personal-data/vault.ts';
import { context, newStore, repositoryOn } from '../testing/repositories.ts';
import {
  move,
  put,
  SHELF,
  SHELF_CAPACITY,
  type ShelfEvent,
  ShelfRefusal,
  shelf,
} from '../testing/shelves.ts';
import type { Aggregate } from './aggregate.ts';
import type { AnswerEvent, AnyRef, Execution } from './command.ts';
import { IdempotencyKeyReused, PreconditionFailed } from './errors.ts';
import { createEventClock } from './event-clock.ts';
import type { Repository } from './repository.ts';

const dry = (wanted: Parameters<typeof context>[0] = {}) => context({ ...wanted, dryRun: true });

/** All that an answer is made from. */
const seen = (events: readonly AnswerEvent[]) => events.map((event) => event);

/** What a run ends with: its answer but for what is new each time, or its error. */
async function endOf(
  repository: Repository,
  execution: Execution<readonly AnyRef[], unknown>,
  given: Parameters<typeof context>[0],
) {
  try {
    const { answer, revision, replayed } = await repository.execute(execution, context(given));
    return { answer, revision, replayed };
  } catch (error) {
    return error;
  }
}

describe('a dry run', () => {
  it('answers as the command would be answered, and records nothing', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 10), context());
    const head = await store.head();
    const tried = await repository.execute(move('a', 'b', 4), dry());
    expect(tried).toEqual({
      answer: [
        { boxes: -4, stream: 'shelf-a', revision: 1 },
        { boxes: 4, stream: 'shelf-b', revision: 0 },
      ],
      revision: 1,
      position: head,
      replayed: false,
    });
    expect([await store.head(), store.commits.length]).toEqual([head, 1]);
    expect(await repository.load(shelf('a'))).toEqual({ state: 10, revision: 0 });
    const real = await repository.execute(move('a', 'b', 4), context());
    expect(real).toEqual({ ...tried, position: await store.head() });
  });

  it('has no position where the log is empty', async () => {
    expect((await repositoryOn(newStore()).execute(put('a', 1), dry())).position).toBe('');
  });

  it('gives ids of its own, and times after the last of the aggregate, which it uses up for nobody', async () => {
    const store = newStore();
    const repository = repositoryOn(store, { clock: createEventClock(5_000_000, () => 1) });
    const execution = { ...move('a', 'b', 0), answer: seen };
    await repository.execute(execution, context());
    const [one, two] = [
      await repository.execute(execution, dry()),
      await repository.execute(execution, dry()),
    ];
    for (const { answer } of [one, two]) {
      expect(answer.map(({ recordedAt }) => recordedAt)).toEqual([5_000_003, 5_000_004]);
    }
    expect(new Set([...one.answer, ...two.answer].map(({ id }) => id)).size).toBe(4);
    const { answer } = await repository.execute(execution, context());
    expect(answer.map(({ recordedAt }) => recordedAt)).toEqual([5_000_003, 5_000_004]);
  });

  it('that has nothing to do says where the aggregate is', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 3), context());
    expect(await repository.execute(put('a', 0), dry())).toEqual({
      answer: [],
      revision: 0,
      position: await store.head(),
      replayed: false,
    });
  });

  it('decides on what other writers have appended', async () => {
    const store = createMemoryEventStore({ sharedWriters: true });
    const [one, other] = [repositoryOn(store), repositoryOn(store)];
    await one.execute(put('a', SHELF_CAPACITY), context());
    await other.execute(put('a', -1), context());
    expect((await one.execute(put('a', 1), dry())).revision).toBe(2);
  });
});

describe('a dry run of a command with personal data', () => {
  const introduced = (subject: string, prepare?: () => Promise<void>) => ({
    on: [shelf('a')] as const,
    decide: (): [ShelfEvent[]] => [
      [{ type: 'BoxesPut', data: { boxes: 1 }, personal: { subject, plain: { name: 'Alice' } } }],
    ],
    answer: (events: readonly AnswerEvent[]) => events.map(({ event }) => event.personal),
    ...(prepare && { prepare }),
  });

  async function withKeys() {
    const keys = createMemoryKeyStore();
    const vault = await createVault({ keys, masterKey: new Uint8Array(32) });
    const store = newStore();
    return { keys, vault, store, repository: repositoryOn(store, { vault }) };
  }

  it('shows it in the clear, and makes no key', async () => {
    const { keys, vault, repository } = await withKeys();
    const subject = randomUUID();
    const { answer } = await repository.execute(
      introduced(subject, () => vault.createKey(subject)),
      dry(),
    );
    expect(answer).toEqual([{ subject, plain: { name: 'Alice' } }]);
    expect([await keys.key(subject), vault.hasKey(subject)]).toEqual([undefined, false]);
  });

  it('is refused where the person was erased, and where a key is missing that the command does not make', async () => {
    const { keys, vault, store, repository } = await withKeys();
    const [erased, unknown] = [randomUUID(), randomUUID()];
    await vault.createKey(erased);
    await keys.destroyKey(erased);
    const afterwards = await createVault({ keys, masterKey: new Uint8Array(32) });
    const another = repositoryOn(store, { vault: afterwards });
    const refused = another.execute(
      introduced(erased, () => vault.createKey(erased)),
      dry(),
    );
    await expect(refused).rejects.toMatchObject({ code: 'key-destroyed' });
    await expect(repository.execute(introduced(unknown), dry())).rejects.toMatchObject({
      code: 'key-missing',
    });
  });

  it('shows the first answer of a taken key in the clear', async () => {
    const { vault, repository } = await withKeys();
    const subject = randomUUID();
    const execution = introduced(subject, () => vault.createKey(subject));
    const first = await repository.execute(execution, context({ key: 'k' }));
    expect(await repository.execute(execution, dry({ key: 'k' }))).toEqual({ ...first, replayed: true });
  });
});

describe('a dry run with an idempotency key', () => {
  it('does not use it up', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 3), dry({ key: 'k' }));
    expect(await store.claim('idempotency/somebody/k')).toBeUndefined();
    expect((await repository.execute(put('a', 3), context({ key: 'k' }))).replayed).toBe(false);
  });

  it('that is taken gives the first answer, whatever the state is now', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 7), context());
    const first = await repository.execute(put('a', -7), context({ key: 'k' }));
    const again = await repository.execute(put('a', -7), dry({ key: 'k', expectedRevision: 0 }));
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('that belongs to another request is refused', async () => {
    const repository = repositoryOn(newStore());
    await repository.execute(put('a', 1), context({ key: 'k' }));
    const other = repository.execute(put('a', 1), dry({ key: 'k', hash: 'another request' }));
    await expect(other).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });
});

describe('a dry run ends as the real run right after it', () => {
  const once = { claim: 'inventory/2026', taken: () => new ShelfRefusal('already done') };
  const painting: Aggregate<number, DomainEvent> = { ...SHELF, evolve: (boxes) => boxes };
  const undeclared = {
    on: [{ aggregate: painting, id: 'a' }],
    decide: () => [[{ type: 'BoxesPainted', data: {} }]],
    answer: seen,
  };
  const huge = (): [ShelfEvent[]] => [
    Array.from({ length: 8 }, () => ({ type: 'BoxesPut', data: { boxes: 1 } })),
  ];

  it.each([
    ['accepted', move('a', 'b', 4), {}],
    ['refused', put('a', SHELF_CAPACITY + 1), {}],
    ['with the revision that was seen', put('a', 1), { expectedRevision: 0 }],
    ['with a stale precondition', put('a', 1), { expectedRevision: 3 }],
    ['with a precondition on what is not there', put('c', -1), { expectedRevision: 3 }],
    ['with nothing to do', put('a', 0), {}],
    ['with a claim that is free', { ...put('a', 1), claims: [{ ...once, claim: 'inventory/2027' }] }, {}],
    ['with a claim that is taken', { ...put('a', 1), claims: [once] }, {}],
    ['with a claim that is taken, and nothing to do', { ...put('a', 0), claims: [once] }, {}],
    ['with an event that is not declared', undeclared, {}],
    ['with more events than a commit takes', { ...put('a', 1), decide: huge }, {}],
  ])('%s', async (_, execution, given) => {
    const store = newStore({ limits: { ...DEFAULT_COMMIT_LIMITS, maxCommitEvents: 7 } });
    const repository = repositoryOn(store);
    await repository.execute({ ...put('a', 10), claims: [once] }, context());
    const tried = await endOf(repository, execution, { ...given, dryRun: true });
    expect(store.commits.length).toBe(1);
    expect(await store.claim('inventory/2027')).toBeUndefined();
    expect(await endOf(repository, execution, given)).toEqual(tried);
  });

  it('and names what an aggregate does not declare', async () => {
    const tried = repositoryOn(newStore()).execute(undeclared, dry());
    await expect(tried).rejects.toThrow('Shelf decided a BoxesPainted');
  });

  it('and a refusal is an error of the same kind', async () => {
    const repository = repositoryOn(newStore());
    const stale = repository.execute(put('a', 1), dry({ expectedRevision: 3 }));
    await expect(stale).rejects.toBeInstanceOf(PreconditionFailed);
    const twice = repository.execute(move('a', 'a', 1), dry());
    await expect(twice).rejects.toBeInstanceOf(TypeError);
  });
});

it('a dry run waits for no other command', async () => {
  const repository = repositoryOn(newStore(), { maxWaiting: 0 });
  expect((await repository.execute(put('a', 1), dry())).revision).toBe(0);
  expect(repository.waiting).toBe(0);
});
