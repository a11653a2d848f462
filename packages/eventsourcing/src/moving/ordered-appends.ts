import { ClaimTaken, RevisionConflict } from '../event-store/errors.ts';
import type { Commit, EventStore } from '../event-store/event-store.ts';
import { patiently } from './patience.ts';

/** How an engine takes several commits at once, faster than one by one. */
export interface GroupAppend {
  readonly bounds: GroupBounds;
  /** Each commit as it is, all of them in this order, or none. It throws as `append` of the store does. */
  append(commits: readonly Commit[]): Promise<void>;
}

/** What goes into one group. A single commit may be larger. */
export interface GroupBounds {
  readonly commits: number;
  readonly events: number;
  /** Characters of data. */
  readonly characters: number;
  /** Whether a stream can only be in one commit of the group, upper and lower case being the same. */
  readonly streamsOnce: boolean;
}

/** For engines that keep no order between appends which are under way together. */
export function oneByOne(store: EventStore): GroupAppend {
  return {
    bounds: { commits: 1, events: 1, characters: 1, streamsOnce: true },
    async append(commits) {
      for (const commit of commits) await store.append(commit);
    },
  };
}

/** Appends the commits of another log in their order. */
export interface OrderedAppends {
  /** Takes one more, and waits where too much is under way. Rejects with what has befallen an earlier one, too. */
  add(commit: Commit, item: number): Promise<void> | undefined;
  /** Everything that was added is durable. */
  settled(): Promise<void>;
}

export interface OrderedAppendsOptions {
  readonly together: GroupAppend;
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
  let group = createGroup(options.together.bounds);
  let flight: Promise<void> = Promise.resolve();

  async function send(): Promise<void> {
    const { pending } = group;
    group = createGroup(options.together.bounds);
    await flight;
    flight = appendAll(options, pending);
    // Whoever adds or settles next is told.
    flight.catch(() => {});
  }

  return {
    add(commit, item) {
      const sent = group.hasRoomFor(commit) ? undefined : send();
      group.add({ commit, item });
      return sent;
    },
    async settled() {
      if (group.pending.length > 0) await send();
      await flight;
    },
  };
}

function createGroup(bounds: GroupBounds) {
  const pending: Pending[] = [];
  const names = new Set<string>();
  let events = 0;
  let characters = 0;
  return {
    pending,
    hasRoomFor(commit: Commit): boolean {
      if (pending.length === 0) return true;
      const more = sizeOf(commit);
      return (
        pending.length < bounds.commits &&
        events + more.events <= bounds.events &&
        characters + more.characters <= bounds.characters &&
        !(bounds.streamsOnce && commit.streams.some(({ stream }) => names.has(stream.toLowerCase())))
      );
    },
    add(next: Pending): void {
      pending.push(next);
      const more = sizeOf(next.commit);
      events += more.events;
      characters += more.characters;
      if (bounds.streamsOnce) for (const { stream } of next.commit.streams) names.add(stream.toLowerCase());
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

async function appendAll(
  { together, patience, toldOf }: OrderedAppendsOptions,
  group: readonly Pending[],
): Promise<void> {
  const commits = group.map(({ commit }) => commit);
  try {
    await patiently(patience, () => together.append(commits));
  } catch (error) {
    throw toldOf(error, itemOf(error, group));
  }
}

/** The item that an error is about, or the first of its group. */
function itemOf(error: unknown, group: readonly Pending[]): number {
  const concerned = group.find(({ commit }) => {
    if (error instanceof RevisionConflict)
      return commit.streams.some(({ stream }) => stream === error.stream);
    if (error instanceof ClaimTaken) return commit.claims.some(({ name }) => name === error.claim.name);
    return true;
  });
  return (concerned ?? group[0])?.item ?? 0;
}
