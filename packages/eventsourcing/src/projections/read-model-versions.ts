import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { ReadModelRefused } from './errors.ts';
import type { ProjectionNews } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ModelVersion, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';

/**
 * The versions of a read model in a process that feeds it. One that is not live becomes so once all of its partitions
 * show the log up to the head as of the start here, and no less than the one that it replaces; whoever sees it first
 * says so. That one is fed on for a while, for queries under way, and dropped, and so are all others.
 *
 * Every step can be the last before a crash: which version is live is in the store, and the rest follows from that.
 */
export interface ReadModelVersions {
  /** Finds out which version is live, before a part of the model is started. */
  begin(): Promise<FedVersions>;
  /** A part of the wanted version has been started. */
  started(part: RunningProjection): Promise<void>;
  /** A part of the previous version is fed. */
  feeds(previous: RunningProjection): void;
  /** A part of the wanted version has been written. */
  written(part: RunningProjection): Promise<void>;
}

/** What has to be fed of a read model. */
export interface FedVersions {
  /** The version that is served until the wanted one is filled; undefined where it is, or is not to be fed. */
  readonly previous: Projection | undefined;
  /** Where the wanted version must be before it is served; undefined where it is. */
  readonly target: Position | undefined;
}

export interface VersionsOptions {
  readonly store: ReadModelStore;
  readonly reader: EventReader;
  readonly retrying: Retrying;
  /** Milliseconds that a version is still fed after another one has taken its place. */
  readonly keepPrevious: number;
  /** Other processes may feed parts of the same read models, perhaps in other versions. */
  readonly shared: boolean;
  tell(news: ProjectionNews): void;
  /** Told of work that goes on beside the projections, and never fails. */
  background(work: Promise<void>): void;
}

/** Milliseconds from one look at what other processes have filled to the next. */
const LOOK_INTERVAL = 1_000;

export function createReadModelVersions(
  projection: Projection,
  { store, reader, retrying, keepPrevious, shared, tell, background }: VersionsOptions,
): ReadModelVersions {
  const { name, version } = projection;
  const parts = new Set<RunningProjection>();
  const fedOn = new Set<RunningProjection>();
  /** The version that was fed here when another one took its place. */
  let kept: number | undefined;
  let live: number | undefined;
  let target: Position | undefined;
  let looking = false;
  let settled = false;

  async function begin(): Promise<FedVersions> {
    live = await retried(() => store.liveVersion(name), retrying);
    const before = projection.previous?.projection;
    const previous = before !== undefined && before.version === live ? before : undefined;
    if (live === version || previous !== undefined) tell({ kind: 'live', name, version: live ?? version });
    target = live === version ? undefined : await retried(() => reader.head(), retrying);
    settled &&= live === version;
    return { previous, target };
  }

  async function started(part: RunningProjection): Promise<void> {
    parts.add(part);
    void part.ended.then(() => parts.delete(part));
    if (live === version) await settle();
    else await written(part);
    if (live === version || looking || !shared) return;
    looking = true;
    background(supervised(look));
  }

  async function written(part: RunningProjection): Promise<void> {
    if (live !== version && reaches(part.checkpoint(), target)) await serveOnceFilled();
  }

  /** Another process may fill the last part. */
  async function look(): Promise<void> {
    while (live !== version) {
      await sleep(LOOK_INTERVAL, undefined, { signal: retrying.signal });
      const now = await retried(() => store.liveVersion(name), retrying);
      if (now === version) await replace();
      else await serveOnceFilled();
    }
    looking = false;
  }

  async function serveOnceFilled(): Promise<void> {
    if (!(await isFilled())) return;
    await retried(() => store.setLive(projection), retrying);
    await replace();
  }

  async function isFilled(): Promise<boolean> {
    const wanted = await retried(() => store.checkpoints(projection), retrying);
    if (!wanted.every((position) => reaches(position, target))) return false;
    const served = await servedCheckpoints();
    if (!shared || live === undefined || live < version)
      return wanted.every((position, partition) => reaches(position, served[partition]));
    // This program is the older one. Only where nobody feeds the newer version any more, it was taken back.
    return wanted.every((position, partition) => isPast(position, served[partition]));
  }

  /** Of the version that is live; none where that is not known, or has been dropped. */
  async function servedCheckpoints(): Promise<readonly (Position | undefined)[]> {
    if (live === undefined || (!shared && live !== projection.previous?.projection.version)) return [];
    const before = projection.previous?.projection;
    const served = before?.version === live ? before : { ...projection, version: live };
    try {
      return await retried(() => store.checkpoints(served), retrying);
    } catch (error) {
      if (error instanceof ReadModelRefused) return [];
      throw error;
    }
  }

  async function replace(): Promise<void> {
    if (live === version) return;
    live = version;
    target = undefined;
    tell({ kind: 'live', name, version });
    await settle();
  }

  /** Once a version is live: what nobody needs any more is dropped. */
  async function settle(): Promise<void> {
    if (settled) return;
    settled = true;
    const stored = await retried(() => store.versions(name), retrying);
    const others = stored.filter((other) => other !== version && other !== kept);
    // Beside others, a newer one may be about to be filled.
    if (!shared) for (const other of others) await drop(other);
    const late = (shared ? others.filter((other) => other < version) : []).concat(kept ?? []);
    if (late.length > 0) background(supervised(() => dropLater(late)));
  }

  async function dropLater(versions: readonly number[]): Promise<void> {
    await sleep(keepPrevious, undefined, { signal: retrying.signal });
    await Promise.all([...fedOn].map((previous) => previous.retire()));
    if (shared && (await retried(() => store.liveVersion(name), retrying)) !== version) return;
    for (const dropped of versions) await drop(dropped);
  }

  async function drop(dropped: number): Promise<void> {
    const model: ModelVersion = { name, version: dropped };
    await retried(() => store.drop(model), retrying);
    tell({ kind: 'dropped', ...model });
  }

  /** What goes wrong beside stops the parts that are fed here. */
  async function supervised(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      for (const part of [...parts]) part.stop(error);
    }
  }

  return {
    begin,
    started,
    written,
    feeds(previous) {
      kept = previous.projection.version;
      fedOn.add(previous);
      void previous.ended.then(() => fedOn.delete(previous));
    },
  };
}

function reaches(position: Position | undefined, target: Position | undefined): boolean {
  return target === undefined || (position !== undefined && position >= target);
}

function isPast(position: Position | undefined, other: Position | undefined): boolean {
  return position !== undefined && (other === undefined || position > other);
}
