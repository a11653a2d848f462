import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { ProjectionStopped } from './errors.ts';

/** How far projections are, in the process that answers queries: told by whoever runs them. */
export interface Progress {
  /** It is at work, from where it was. */
  running(projection: string): void;
  moved(projection: string, position: Position): void;
  stopped(projection: string, reason: string): void;
  of(projection: string): ProjectionState;
  /** By name, those that have been heard of. */
  all(): ReadonlyMap<string, ProjectionState>;
  /** Calls back whenever the projection moves or stops; answers how to end it. */
  watch(projection: string, changed: () => void): () => void;
}

export interface ProjectionState {
  /** Everything up to here can be read; undefined before the first event. */
  readonly position: Position | undefined;
  /** Why it stopped; undefined while it runs. */
  readonly stopped: string | undefined;
}

const NOT_STARTED: ProjectionState = { position: undefined, stopped: undefined };

export function createProgress(): Progress {
  const states = new Map<string, ProjectionState>();
  const watchers = new Map<string, Set<() => void>>();

  function become(projection: string, state: ProjectionState): void {
    states.set(projection, state);
    for (const changed of [...(watchers.get(projection) ?? [])]) changed();
  }

  const of = (projection: string): ProjectionState => states.get(projection) ?? NOT_STARTED;
  return {
    of,
    running: (projection) => become(projection, { ...of(projection), stopped: undefined }),
    moved: (projection, position) => become(projection, { position, stopped: undefined }),
    stopped: (projection, reason) => become(projection, { ...of(projection), stopped: reason }),
    all: () => states,
    watch(projection, changed) {
      const watching = watchers.get(projection) ?? new Set();
      watchers.set(projection, watching.add(changed));
      return () => void watching.delete(changed);
    },
  };
}

/**
 * Waits until all of the models show the log up to the position: for a query that must see what was written. It costs
 * a comparison where they do already.
 *
 * @param timeout milliseconds
 * @throws EventSourcingError `read-model-behind` - not within the time
 * @throws ProjectionStopped - one that has not come so far has stopped: waiting would not help
 */
export async function waitUntil(
  progress: Progress,
  models: readonly { readonly name: string }[],
  position: Position,
  timeout: number,
): Promise<void> {
  const behind = models.filter(({ name }) => !isThere(progress, name, position));
  if (behind.length === 0) return;
  const deadline = performance.now() + timeout;
  for (const { name } of behind) await waitForOne(progress, name, position, deadline - performance.now());
}

function isThere(progress: Progress, name: string, position: Position): boolean {
  const state = progress.of(name);
  if (state.position !== undefined && state.position >= position) return true;
  if (state.stopped !== undefined) throw new ProjectionStopped(name, state.stopped);
  return false;
}

function waitForOne(progress: Progress, name: string, position: Position, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      unwatch();
      settle();
    };
    const look = (): void => {
      try {
        if (isThere(progress, name, position)) done(resolve);
      } catch (error) {
        done(() => reject(error));
      }
    };
    const unwatch = progress.watch(name, look);
    const timer = setTimeout(() => done(() => reject(stillBehind(name))), Math.max(0, timeout));
    look();
  });
}

function stillBehind(name: string): EventSourcingError {
  return new EventSourcingError(
    'read-model-behind',
    `The read model ${name} is not yet at the position you ask for: ask again in a moment.`,
  );
}
