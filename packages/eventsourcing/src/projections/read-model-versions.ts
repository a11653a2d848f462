import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { isFilled, reaches } from './filled.ts';
import type { Projection } from './projection.ts';
import { retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';
import { createUnneededVersions, type UnneededOptions } from './unneeded-versions.ts';

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

export interface VersionsOptions extends UnneededOptions {
  readonly reader: EventReader;
}

/** Milliseconds from one look at what other processes have filled to the next. */
const LOOK_INTERVAL = 1_000;

export function createReadModelVersions(projection: Projection, options: VersionsOptions): ReadModelVersions {
  const { store, reader, retrying, shared, tell, background } = options;
  const { name, version } = projection;
  const parts = new Set<RunningProjection>();
  const unneeded = createUnneededVersions(projection, options, supervised);
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
    background(
      supervised(look).finally(() => {
        looking = false;
      }),
    );
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
  }

  async function serveOnceFilled(): Promise<void> {
    if (!(await isFilled({ projection, store, retrying, shared }, live, target))) return;
    await retried(() => store.setLive(projection), retrying);
    await replace();
  }

  async function replace(): Promise<void> {
    if (live === version) return;
    live = version;
    target = undefined;
    tell({ kind: 'live', name, version });
    await settle();
  }

  async function settle(): Promise<void> {
    if (settled) return;
    settled = true;
    await unneeded.settle();
  }

  /** What goes wrong beside stops the parts that are fed here. */
  async function supervised(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      for (const part of [...parts]) part.stop(error);
    }
  }

  return { begin, started, written, feeds: unneeded.feeds };
}
