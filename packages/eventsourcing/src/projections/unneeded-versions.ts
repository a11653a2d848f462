import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectionNews } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';

export interface UnneededOptions {
  readonly store: ReadModelStore;
  readonly retrying: Retrying;
  /** Milliseconds that a version is still fed after another one has taken its place. */
  readonly keepPrevious: number;
  /** Other processes may feed parts of the same read models, perhaps in other versions. */
  readonly shared: boolean;
  tell(news: ProjectionNews): void;
  /** Told of work that goes on beside the projections, and never fails. */
  background(work: Promise<void>): void;
}

/** The versions of a read model that nobody needs once the wanted one is live. */
export interface UnneededVersions {
  /** A part of the previous version is fed. */
  feeds(previous: RunningProjection): void;
  /** The wanted version is live: the others are dropped, and some of them only after a while. */
  settle(): Promise<void>;
}

/** @param supervised - runs what goes on beside, and stops what is fed here where that fails */
export function createUnneededVersions(
  { name, version }: Projection,
  { store, retrying, keepPrevious, shared, tell, background }: UnneededOptions,
  supervised: (work: () => Promise<void>) => Promise<void>,
): UnneededVersions {
  const fedOn = new Set<RunningProjection>();
  /** The version that was fed here when another one took its place. */
  let kept: number | undefined;

  async function dropLater(versions: readonly number[]): Promise<void> {
    await sleep(keepPrevious, undefined, { signal: retrying.signal });
    await Promise.all([...fedOn].map((previous) => previous.retire()));
    if (shared && (await retried(() => store.liveVersion(name), retrying)) !== version) return;
    for (const dropped of versions) await drop(dropped);
  }

  async function drop(dropped: number): Promise<void> {
    await retried(() => store.drop({ name, version: dropped }), retrying);
    tell({ kind: 'dropped', name, version: dropped });
  }

  return {
    feeds(previous) {
      kept = previous.projection.version;
      fedOn.add(previous);
      void previous.ended.then(() => fedOn.delete(previous));
    },
    async settle() {
      const stored = await retried(() => store.versions(name), retrying);
      const others = stored.filter((other) => other !== version && other !== kept);
      // Beside other processes, a newer one may be about to be filled, and an older one about to be read.
      if (!shared) for (const other of others) await drop(other);
      const late = (shared ? others.filter((other) => other < version) : []).concat(kept ?? []);
      if (late.length > 0) background(supervised(() => dropLater(late)));
    },
  };
}
