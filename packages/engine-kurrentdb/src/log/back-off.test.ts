import { EventSourcingError } from '@openbank/eventsourcing';
import { describe, expect, test } from 'vitest';
import { createBackOff } from './back-off.ts';

/** An outage as the server, or the connection, has told it by a status code of gRPC. */
function outage(code: number): EventSourcingError {
  const cause = Object.assign(new Error('told'), { code });
  return new EventSourcingError('store-unavailable', 'KurrentDB is away.', { cause });
}

const AWAY = outage(14);
const UNKNOWN = outage(2);

describe('pauses after failures', () => {
  test('grow from a tenth of a second to ten, each between half and all of that', () => {
    const backOff = createBackOff(() => 0);
    for (const most of [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]) {
      const pause = backOff.pause(AWAY);
      expect(pause).toBeGreaterThanOrEqual(most / 2);
      expect(pause).toBeLessThanOrEqual(most);
    }
  });

  test.each<{ what: string; passes: (backOff: { progress(): void }, clock: { now: number }) => void }>([
    { what: 'progress', passes: (backOff) => backOff.progress() },
    {
      what: 'a minute without one',
      passes: (_, clock) => {
        clock.now += 60_001;
      },
    },
  ])('are short again after $what', ({ passes }) => {
    const clock = { now: 0 };
    const backOff = createBackOff(() => clock.now);
    for (let i = 0; i < 5; i++) backOff.pause(AWAY);
    passes(backOff, clock);
    expect(backOff.pause(AWAY)).toBeLessThanOrEqual(100);
  });

  test('end where errors that may be for good come again and again; an outage has no end', () => {
    const backOff = createBackOff(() => 0);
    for (let i = 0; i < 5; i++) backOff.pause(UNKNOWN);
    expect(() => backOff.pause(UNKNOWN)).toThrow(UNKNOWN);
    for (let i = 0; i < 1000; i++) backOff.pause(AWAY);
  });
});
