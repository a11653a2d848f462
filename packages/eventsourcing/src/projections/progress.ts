import type { Position } from '../event.ts';
import { leastOf, type Partition, UNDIVIDED } from './partitions.ts';
import { readModelKey } from './read-model.ts';
import type { ModelVersion } from './read-model-store.ts';

/** What happens to the versions of read models, as whoever runs the projections tells it. Plain data, for any thread. */
export type ProjectionNews = ModelVersion & {
  /** Which part of the version they are of; without it, of all. */
  readonly partition?: Partition;
} & (
    | {
        /** It is at work, from where it was. */
        readonly kind: 'started';
        readonly position: Position | undefined;
        /** Where it must be before queries are answered from it; undefined where they are, or there are no events. */
        readonly target: Position | undefined;
      }
    /** Everything up to the position can be read from it now. */
    | { readonly kind: 'moved'; readonly position: Position }
    /** Its store does not take what it has folded; that is tried again until it is `moved`. */
    | { readonly kind: 'waiting'; readonly reason: StopReason }
    /** Queries are answered from it now, and from no other version. */
    | { readonly kind: 'live' }
    /** It does not move until the program is started again. */
    | { readonly kind: 'stopped'; readonly reason: StopReason }
    /** It was replaced, and is deleted. */
    | { readonly kind: 'dropped' }
  );

/** Why a projection has stopped. */
export interface StopReason {
  /** Of the error, `projection-failed` where it has none. */
  readonly code: string;
  /** The event that cannot be folded, `stream@revision`, or read, for example `position 42`. */
  readonly event: string | undefined;
  /** All that is known. It may hold values of an event: it is for the log, not for callers. */
  readonly message: string;
}

/** How far projections are, in the process that answers queries. */
export interface Progress {
  tell(news: ProjectionNews): void;
  /** The version of a read model that queries are answered from; undefined while there is none. */
  live(name: string): VersionState | undefined;
  /** All versions that have been heard of and not dropped. */
  all(): readonly VersionState[];
  /** Calls back whenever there are news of a read model; answers how to end it. */
  watch(name: string, changed: () => void): () => void;
  /** Whether somebody watches a read model now. */
  isWatched(name: string): boolean;
  /** Calls back when somebody begins to watch a read model that nobody has watched; answers how to end it. */
  onWatched(name: string, watched: () => void): () => void;
}

export interface PartitionState {
  /** Everything up to here can be read; undefined before the first event. */
  readonly position: Position | undefined;
  /** Where it must be before queries are answered from it; undefined where they are. */
  readonly target: Position | undefined;
  /** Why its store takes nothing for now; undefined while it does. */
  readonly waiting: StopReason | undefined;
  /** Undefined while it runs. */
  readonly stopped: StopReason | undefined;
}

/** As a partition, it is the least of what its partitions are. */
export interface VersionState extends ModelVersion, PartitionState {
  /** Whether queries are answered from it. */
  readonly live: boolean;
  readonly partitions: readonly PartitionState[];
}

const NOTHING_HEARD: PartitionState = {
  position: undefined,
  target: undefined,
  waiting: undefined,
  stopped: undefined,
};

/** A version that nothing has been heard of yet. */
export function unheardOf({ name, version }: ModelVersion): VersionState {
  return { name, version, live: false, ...NOTHING_HEARD, partitions: [NOTHING_HEARD] };
}

function versionState(
  { name, version }: ModelVersion,
  live: boolean,
  partitions: readonly PartitionState[],
): VersionState {
  const targets = partitions.flatMap(({ target }) => target ?? []);
  return {
    name,
    version,
    live,
    position: leastOf(partitions.map(({ position }) => position)),
    target: targets.reduce<Position | undefined>(
      (far, target) => (far !== undefined && far > target ? far : target),
      undefined,
    ),
    waiting: partitions.find(({ waiting }) => waiting !== undefined)?.waiting,
    stopped: partitions.find(({ stopped }) => stopped !== undefined)?.stopped,
    partitions,
  };
}

export function createProgress(): Progress {
  const states = new Map<string, VersionState>();
  const live = new Map<string, VersionState>();
  const watchers = createCallbacks();
  const watched = createCallbacks();

  function become(state: VersionState): void {
    states.set(readModelKey(state), state);
    if (state.live) live.set(state.name, state);
    else if (live.get(state.name)?.version === state.version) live.delete(state.name);
  }

  function replace(name: string, version: number): void {
    const before = live.get(name);
    if (before !== undefined && before.version !== version) become({ ...before, live: false });
  }

  return {
    tell(news) {
      if (news.kind === 'live') replace(news.name, news.version);
      const state = stateAfter(states.get(readModelKey(news)), news);
      if (state === undefined) states.delete(readModelKey(news));
      else become(state);
      watchers.call(news.name);
    },
    live: (name) => live.get(name),
    all: () => [...states.values()],
    watch(name, changed) {
      const isFirst = !watchers.has(name);
      const unwatch = watchers.add(name, changed);
      if (isFirst) watched.call(name);
      return unwatch;
    },
    isWatched: watchers.has,
    onWatched: watched.add,
  };
}

/** Callbacks by name. */
function createCallbacks() {
  const byName = new Map<string, Set<() => void>>();
  return {
    has: (name: string): boolean => byName.has(name),
    add(name: string, callback: () => void): () => void {
      const those = byName.get(name) ?? new Set();
      byName.set(name, those.add(callback));
      return () => {
        if (those.delete(callback) && those.size === 0) byName.delete(name);
      };
    },
    call(name: string): void {
      for (const callback of [...(byName.get(name) ?? [])]) callback();
    },
  };
}

function stateAfter(before: VersionState | undefined, news: ProjectionNews): VersionState | undefined {
  if (news.kind === 'dropped') return undefined;
  const { live, partitions } = before ?? unheardOf(news);
  const concerned = news.partition ?? { ...UNDIVIDED, of: partitions.length };
  const parts = Array.from({ length: concerned.of }, (_, index) => {
    const part = partitions[index] ?? NOTHING_HEARD;
    return news.partition === undefined || concerned.index === index ? partitionAfter(part, news) : part;
  });
  return versionState(news, isLiveAfter(live, news), parts);
}

function isLiveAfter(live: boolean, news: ProjectionNews): boolean {
  // What was live, and has to be filled, was lost.
  if (news.kind === 'started') return live && news.target === undefined;
  return live || news.kind === 'live';
}

function partitionAfter(
  before: PartitionState,
  news: Exclude<ProjectionNews, { kind: 'dropped' }>,
): PartitionState {
  switch (news.kind) {
    case 'started':
      return { ...NOTHING_HEARD, position: news.position, target: news.target };
    case 'moved':
      return { ...before, position: news.position, waiting: undefined, stopped: undefined };
    case 'waiting':
      return { ...before, waiting: news.reason };
    case 'live':
      return { ...before, target: undefined };
    case 'stopped':
      return { ...before, waiting: undefined, stopped: news.reason };
    default:
      return news satisfies never;
  }
}

const CODE = /^[\w-]{1,64}$/;

/** What is told of the error that a projection has stopped with. */
export function stopReason(error: unknown): StopReason {
  const { code, event }: { code?: unknown; event?: unknown } = Object(error);
  return {
    code: typeof code === 'string' && CODE.test(code) ? code : 'projection-failed',
    event: typeof event === 'string' ? event : undefined,
    message: error instanceof Error ? error.message : String(error),
  };
}
