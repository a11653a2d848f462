import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, EventSourcingError } from '../errors.ts';
import type { Commit, EventStore } from '../event-store/event-store.ts';

/**
 * How many commits an engine may be handed at once and still write in that order, all of them or none: those of one
 * group commit, for example. One commit may be larger than all bounds.
 */
export interface AppendBounds {
  readonly commits: number;
  readonly events: number;
  /** Characters of data. */
  readonly characters: number;
}

/** For engines that keep no order between appends which are under way together. */
export const ONE_BY_ONE: AppendBounds = { commits: 1, events: 1, characters: 1 };

/** Appends the commits of another log in their order. */
export interface OrderedAppends {
  /** Takes one more, and waits where too much is under way. Rejects with what has befallen an earlier one, too. */
  add(commit: Commit, item: number): Promise<void> | undefined;
  /** Everything that was added is durable. */
  settled(): Promise<void>;
}

export interface OrderedAppendsOptions {
  readonly store: EventStore;
  readonly bounds: AppendBounds;
  /** Milliseconds for which a store that is away, or an outcome that is unknown, is tried again. */
  readonly patience: number;
  /** The error as it is told, of the item whose commit could not be appended. */
  toldOf(error: unknown, item: number): unknown;
}

interface Pending {
  readonly commit: Commit;
  readonly item: number;
}

/** While one group is made durable, the next one gathers. */
export function createOrderedAppends(options: OrderedAppendsOptions): OrderedAppends {
  const { bounds } = options;
  let group: Pending[] = [];
  let size = { events: 0, characters: 0 };
  let flight: Promise<void> = Promise.resolve();

  async function send(): Promise<void> {
    const commits = group;
    group = [];
    size = { events: 0, characters: 0 };
    await flight;
    flight = appendAll(options, commits);
    // Whoever adds or settles next is told.
    flight.catch(() => {});
  }

  return {
    add(commit, item) {
      const more = sizeOf(commit);
      const isFull =
        group.length > 0 &&
        (group.length >= bounds.commits ||
          size.events + more.events > bounds.events ||
          size.characters + more.characters > bounds.characters);
      const sent = isFull ? send() : undefined;
      group.push({ commit, item });
      size = { events: size.events + more.events, characters: size.characters + more.characters };
      return sent;
    },
    async settled() {
      if (group.length > 0) await send();
      await flight;
    },
  };
}

function sizeOf({ streams }: Commit) {
  let events = 0;
  let characters = 0;
  for (const append of streams) {
    events += append.events.length;
    for (const { data } of append.events) characters += data.length;
  }
  return { events, characters };
}

/** What may pass; the identical commits again are no others. */
const PASSING: readonly ErrorCode[] = ['outcome-unknown', 'overloaded', 'store-unavailable', 'storage-full'];
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

async function appendAll(
  { store, patience, toldOf }: OrderedAppendsOptions,
  group: readonly Pending[],
): Promise<void> {
  const deadline = performance.now() + patience;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const outcomes = await Promise.allSettled(group.map(({ commit }) => store.append(commit)));
    const at = outcomes.findIndex(({ status }) => status === 'rejected');
    const failed = outcomes[at];
    if (failed?.status !== 'rejected') return;
    if (!isPassing(failed.reason) || performance.now() > deadline) {
      throw toldOf(failed.reason, group[at]?.item ?? 0);
    }
    await sleep(pause);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof EventSourcingError && PASSING.includes(error.code);
}
