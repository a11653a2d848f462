import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../event-store/event-store.ts';
import { appendTo, claimOn, commitOf, newEvent } from '../testing/event-factory.ts';
import { context, newStore, repositoryOn, vault } from '../testing/repositories.ts';
import { move, put, SHELF, type ShelfEvent, shelf } from '../testing/shelves.ts';
import { claimedEvents } from './claimed-events.ts';
import type { AnswerEvent } from './command.ts';

const found = async (claim: Claim | undefined, store: ReturnType<typeof newStore>) => {
  if (claim === undefined) throw new Error('nobody has taken it');
  return claimedEvents({ store, vault, aggregates: [SHELF] }, claim);
};

describe('the events of a claim', () => {
  it('are those of its command, in the order of its aggregates, and come with their position', async () => {
    const store = newStore();
    const repository = repositoryOn(store);
    await repository.execute(put('a', 10), context());
    const { answer, position } = await repository.execute(
      { ...move('a', 'b', 4), answer: (events: readonly AnswerEvent[]) => events },
      context({ key: 'k' }),
    );
    await repository.execute(put('a', 1), context());
    const claimed = await found(await store.claim('idempotency/somebody/k'), store);
    expect(claimed).toEqual({ events: answer, position });
  });

  it('show personal data in the clear', async () => {
    const store = newStore();
    const subject = randomUUID();
    await vault.createKey(subject);
    const personal = { subject, plain: { secret: 'Alice was here' } };
    const event: ShelfEvent = { type: 'BoxesPut', data: { boxes: 1 }, personal };
    const execution = { on: [shelf('a')] as const, decide: (): [ShelfEvent[]] => [[event]], answer: () => 0 };
    await repositoryOn(store).execute(execution, context({ key: 'k' }));
    const { events } = await found(await store.claim('idempotency/somebody/k'), store);
    expect(events.map((each) => each.event)).toEqual([event]);
  });

  it('that the log does not hold are damage', async () => {
    const store = newStore();
    const commit = commitOf(appendTo('shelf-a', 'no-stream', [newEvent({ type: 'BoxesPut' })]));
    const claim = { ...claimOn(commit, 'k'), events: [{ stream: 'shelf-a', first: 0, last: 0 }] };
    await expect(found(claim, store)).rejects.toMatchObject({ code: 'store-damaged' });
  });

  it('that belong to no known aggregate are an error that says so', async () => {
    const store = newStore();
    const commit = commitOf(appendTo('crate-a', 'no-stream', [newEvent()]));
    await store.append({ ...commit, claims: [claimOn(commit, 'k')] });
    await expect(found(await store.claim('k'), store)).rejects.toMatchObject({ code: 'unknown-event-type' });
  });
});
