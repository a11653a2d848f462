import { expect, test } from 'vitest';
import { newEvent } from '../testing/event-factory.ts';
import type { EventPage, ReadAllOptions, SubscriptionMessage } from './event-store.ts';
import { type FollowSource, follow } from './follow.ts';

const page = (position: string): EventPage => ({
  events: [{ ...newEvent(), stream: 'a', revision: 0, position }],
  position,
});

/** Reads give what `pages` holds for the position they start after; waiting ends as often as `wakes` says. */
function source(pages: Record<string, readonly EventPage[]>, wakes: number) {
  const reads: ReadAllOptions[] = [];
  let left = wakes;
  const followed: FollowSource = {
    async *readAll(options) {
      reads.push(options);
      yield* pages[options.after ?? 'start'] ?? [];
    },
    async waitForHead() {
      if (left-- === 0) throw new Error('the log is gone');
    },
  };
  return { reads, followed };
}

async function messagesUntilError(messages: AsyncIterable<SubscriptionMessage>): Promise<string[]> {
  const told: string[] = [];
  try {
    for await (const message of messages)
      told.push(message.kind === 'page' ? message.position : message.kind);
  } catch (error) {
    told.push(String(error));
  }
  return told;
}

test('each read goes on where the last page ended, and is followed by caught-up', async () => {
  const { followed, reads } = source({ start: [page('1'), page('3')], 3: [page('4')] }, 2);
  const told = await messagesUntilError(follow(followed, { prefixes: ['a'] }));
  expect(told).toEqual(['1', '3', 'caught-up', '4', 'caught-up', 'caught-up', 'Error: the log is gone']);
  expect(reads).toEqual([
    { prefixes: ['a'] },
    { prefixes: ['a'], after: '3' },
    { prefixes: ['a'], after: '4' },
  ]);
});

test('a read without pages keeps the position that it was asked to start after', async () => {
  const { followed, reads } = source({}, 1);
  await messagesUntilError(follow(followed, { after: '7' }));
  expect(reads).toEqual([{ after: '7' }, { after: '7' }]);
});

test('leaving the loop closes the read that is under way', async () => {
  let closed = false;
  const followed: FollowSource = {
    async *readAll() {
      try {
        yield page('1');
        yield page('2');
      } finally {
        closed = true;
      }
    },
    waitForHead: () => Promise.reject(new Error('nobody waits here')),
  };
  for await (const _ of follow(followed)) break;
  expect(closed).toBe(true);
});
