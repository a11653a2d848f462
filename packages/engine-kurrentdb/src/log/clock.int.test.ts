import type { NewEvent } from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvent, withClaims } from '@openbank/eventsourcing/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openTestEventStore } from '../testing/test-event-store.ts';

/** A machine's clock that a test can set, and events that are booked by it. */
function clockOff(by: number) {
  const clock = { off: by };
  const now = () => Date.now() + clock.off;
  const event = (): NewEvent => newEvent({ recordedAt: now() * 1000 });
  return { clock, now, event };
}

describe('a writer whose clock', () => {
  test.each([
    { what: 'is five seconds ahead', off: 5_000, says: /\d s ahead of/ },
    { what: 'is five seconds behind', off: -5_000, says: /\d s behind/ },
  ])('$what of the store’s stops writing, until it is set right', async ({ off, says }) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { clock, now, event } = clockOff(off);
    const { store } = await openTestEventStore({ now });
    let number = 0;
    const append = () => store.append(commitOf(appendTo(`a-${number++}`, 'no-stream', [event()])));
    const outcome = () =>
      append().then(
        () => 'written',
        (error: unknown) => error,
      );
    const wrong = { code: 'store-unavailable', message: expect.stringMatching(says) };
    await expect.poll(outcome, { timeout: 20_000 }).toMatchObject(wrong);
    // After a while one is let through, to see whether the clock is right by now.
    vi.advanceTimersByTime(10_001);
    expect(await outcome()).toBe('written');
    await expect.poll(outcome, { timeout: 20_000 }).toMatchObject(wrong);
    clock.off = 0;
    vi.advanceTimersByTime(10_001);
    expect(await outcome()).toBe('written');
    await expect.poll(outcome, { timeout: 20_000 }).toBe('written');
  });

  test.each([0, 900, -900])('is %i ms off goes on', async (off) => {
    const { now, event } = clockOff(off);
    const { store } = await openTestEventStore({ now });
    for (let i = 0; i < 20; i++)
      await store.append(withClaims(commitOf(appendTo(`a-${i}`, 'no-stream', [event()])), `key-${i}`));
  });
});
