import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainLink } from '../chain.ts';
import { appendTo, commitOf, newEvent } from '../testing/event-factory.ts';
import { eventsOf } from '../testing/event-store-harness.ts';
import { context, newStore, repositoryOn, vault } from '../testing/repositories.ts';
import { move, put, SHELF_CAPACITY, type ShelfEvent, shelf } from '../testing/shelves.ts';
import type { AnswerEvent } from './command.ts';
import { createEventClock } from './event-clock.ts';

describe('what is recorded', () => {
  it('continues the chain of its stream, also in another process', async () => {
    const store = newStore();
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
    const store = newStore();
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
    const store = newStore();
    let now = 2_000;
    const repository = repositoryOn(store, { clock: createEventClock(5_000_000, () => now--) });
    for (const id of ['a', 'b', 'a', 'b']) await repository.execute(put(id, 1), context());
    const pages = [];
    for await (const page of store.readAll()) pages.push(...page.events);
    expect(pages.map(({ recordedAt }) => recordedAt)).toEqual([5_000_001, 5_000_002, 5_000_003, 5_000_004]);
  });

  it('keeps personal data sealed, and answers it in the clear, now and when repeated', async () => {
    const store = newStore();
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
    const store = newStore();
    const seen: number[] = [];
    const prepare = async () => void seen.push(store.commits.length);
    const repository = repositoryOn(store);
    await repository.execute({ ...put('a', 1), prepare }, context());
    await repository.execute({ ...put('a', SHELF_CAPACITY), prepare }, context()).catch(() => {});
    expect(seen).toEqual([0]);
  });

  it('by a newer version is an error that names the type, for this aggregate alone', async () => {
    const store = newStore();
    await store.append(commitOf(appendTo('shelf-a', 'no-stream', [newEvent({ type: 'BoxesPainted' })])));
    const repository = repositoryOn(store);
    await expect(repository.execute(put('a', 1), context())).rejects.toMatchObject({
      code: 'unknown-event-type',
      message: expect.stringContaining('BoxesPainted'),
    });
    expect((await repository.execute(put('b', 1), context())).revision).toBe(0);
  });
});
