import { type Commit, EventSourcingError, firstRevision } from '@openbank/eventsourcing';
import type { Source } from './source.ts';
import { createdAt } from './stored-facts.ts';

/** How far this machine's clock may be from the store's, milliseconds. */
const TOLERANCE_MS = 1_000;

/** Between checks, milliseconds. */
const CHECK_EVERY_MS = 60_000;

/** So long appends are refused before one is let through to find out whether the clock has been set right. */
const REFUSED_FOR_MS = 10_000;

export interface ClockCheck {
  /** @throws EventSourcingError `store-unavailable` - the clock was found wrong a moment ago */
  assertRight(): void;
  /** Looks, once in a while, at what the store's clock said when it wrote a commit, which was sent at a time of this one's. */
  written(commit: Commit, sentAt: number): void;
}

/**
 * Booking times are the writer's, and where several processes write, theirs must agree. So one whose clock differs from the
 * store's by more than a second stops writing. What has been written until that is found stays as it is.
 *
 * @param now - milliseconds since 1970
 */
export function createClockCheck(source: Source, now: () => number): ClockCheck {
  // By the time since the process began, which nobody sets.
  let nextCheck = 0;
  let refusedUntil = 0;
  let refusal: EventSourcingError | undefined;

  const check = async (commit: Commit, sentAt: number) => {
    const answeredAt = now();
    const created = await createdLast(source, commit);
    if (created === undefined) return;
    const earliest = Math.min(sentAt, firstBooking(commit)) - TOLERANCE_MS;
    const latest = answeredAt + TOLERANCE_MS;
    const isRight = earliest <= created && created <= latest;
    refusal = isRight ? undefined : clockWrong(created > latest ? answeredAt - created : sentAt - created);
    nextCheck = performance.now() + (isRight ? CHECK_EVERY_MS : 0);
    refusedUntil = performance.now() + REFUSED_FOR_MS;
  };

  return {
    assertRight() {
      if (refusal === undefined) return;
      if (performance.now() < refusedUntil) throw refusal;
      // This one goes through; others are refused until it has been looked at.
      refusedUntil = performance.now() + REFUSED_FOR_MS;
      nextCheck = 0;
    },
    written(commit, sentAt) {
      if (performance.now() < nextCheck) return;
      nextCheck = performance.now() + REFUSED_FOR_MS;
      // A look that fails is taken again later: what was written is answered all the same.
      check(commit, sentAt).catch(() => undefined);
    },
  };
}

/** A repeat finds what was written long ago, though not before its events were booked. */
function firstBooking({ streams }: Commit): number {
  return Math.min(...streams.map(({ events }) => events[0]?.recordedAt ?? 0)) / 1000;
}

async function createdLast(source: Source, { streams }: Commit): Promise<number | undefined> {
  const last = streams.at(-1);
  if (last === undefined) return undefined;
  return await createdAt(source, last.stream, firstRevision(last.expected) + last.events.length - 1);
}

function clockWrong(ahead: number): EventSourcingError {
  const seconds = Math.abs(ahead / 1000).toFixed(1);
  return new EventSourcingError(
    'store-unavailable',
    `This machine's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} KurrentDB's: nothing is written until one of them is set right.`,
  );
}
