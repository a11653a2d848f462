import type { Position } from '../event.ts';
import { readModelKey } from './read-model.ts';
import type { ModelVersion } from './read-model-store.ts';

/** What happens to the versions of read models, as whoever runs the projections tells it. Plain data, for any thread. */
export type ProjectionNews = ModelVersion &
  (
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
}

export interface VersionState extends ModelVersion {
  /** Everything up to here can be read; undefined before the first event. */
  readonly position: Position | undefined;
  /** Where it must be before queries are answered from it; undefined where they are. */
  readonly target: Position | undefined;
  /** Whether queries are answered from it. */
  readonly live: boolean;
  /** Why its store takes nothing for now; undefined while it does. */
  readonly waiting: StopReason | undefined;
  /** Undefined while it runs. */
  readonly stopped: StopReason | undefined;
}

/** A version that nothing has been heard of yet. */
export function unheardOf({ name, version }: ModelVersion): VersionState {
  return {
    name,
    version,
    position: undefined,
    target: undefined,
    live: false,
    waiting: undefined,
    stopped: undefined,
  };
}

export function createProgress(): Progress {
  const states = new Map<string, VersionState>();
  const live = new Map<string, VersionState>();
  const watchers = new Map<string, Set<() => void>>();

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
      for (const changed of [...(watchers.get(news.name) ?? [])]) changed();
    },
    live: (name) => live.get(name),
    all: () => [...states.values()],
    watch(name, changed) {
      const watching = watchers.get(name) ?? new Set();
      watchers.set(name, watching.add(changed));
      return () => void watching.delete(changed);
    },
  };
}

function stateAfter(before: VersionState | undefined, news: ProjectionNews): VersionState | undefined {
  const state = before ?? unheardOf(news);
  switch (news.kind) {
    case 'started':
      return {
        ...state,
        position: news.position,
        target: news.target,
        // What was live, and has to be filled, was lost.
        live: state.live && news.target === undefined,
        waiting: undefined,
        stopped: undefined,
      };
    case 'moved':
      return { ...state, position: news.position, waiting: undefined, stopped: undefined };
    case 'waiting':
      return { ...state, waiting: news.reason };
    case 'live':
      return { ...state, target: undefined, live: true };
    case 'stopped':
      return { ...state, waiting: undefined, stopped: news.reason };
    case 'dropped':
      return undefined;
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
