import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../event.ts';
import { checkProjection } from './check-projection.ts';
import type { Projection } from './projection.ts';
import { retried } from './retry.ts';
import {
  createRunningProjection,
  type RunningOptions,
  type RunningProjection,
} from './running-projection.ts';

export interface ReadModelOptions extends Omit<RunningOptions, 'onWritten'> {
  /** Milliseconds that a version is still fed after another one has taken its place. */
  readonly keepPrevious: number;
  /** Told of work that goes on beside the projections, and never fails. */
  background(work: Promise<void>): void;
}

/**
 * Starts a read model's projection, and that of its previous version where queries are answered from that. A version
 * that is not live becomes so once it shows the log up to the head as of its start, and no less than the one that it
 * replaces. That one is fed on for a while, for queries under way, and dropped; all other versions are dropped at once.
 *
 * Every step can be the last before a crash: which version is live is in the store, and the rest follows from that.
 */
export async function startReadModel(
  projection: Projection,
  options: ReadModelOptions,
): Promise<readonly RunningProjection[]> {
  const { store, reader, retrying, keepPrevious, tell, background } = options;
  const { name, version } = projection;
  let live: number | undefined;
  let target: Position | undefined;
  let previous: RunningProjection | undefined;

  async function startPrevious(): Promise<void> {
    const before = projection.previous?.projection;
    if (before === undefined || before.version !== live) return;
    tell({ kind: 'live', name, version: before.version });
    previous = createRunningProjection(before, options);
    await previous.start();
    if (previous.stopped()) return;
    tell({
      kind: 'started',
      name,
      version: before.version,
      position: previous.checkpoint(),
      target: undefined,
    });
  }

  async function startCurrent(): Promise<void> {
    target = live === version ? undefined : await retried(() => reader.head(), retrying);
    tell({ kind: 'started', name, version, position: current.checkpoint(), target });
    if (live === version) await dropUnfed();
    else await serveOnceFilled();
  }

  async function serveOnceFilled(): Promise<void> {
    const position = current.checkpoint();
    if (live === version || !reaches(position, target) || !reaches(position, previous?.checkpoint())) return;
    await retried(() => store.setLive(projection), retrying);
    live = version;
    tell({ kind: 'live', name, version });
    await dropUnfed();
    const replaced = previous;
    if (replaced !== undefined) background(current.supervised(() => dropLater(replaced)));
  }

  async function dropUnfed(): Promise<void> {
    const fed = [version, previous?.projection.version];
    const stored = await retried(() => store.versions(name), retrying);
    for (const unfed of stored.filter((other) => !fed.includes(other))) await drop(unfed);
  }

  async function dropLater(replaced: RunningProjection): Promise<void> {
    await sleep(keepPrevious, undefined, { signal: retrying.signal });
    await replaced.retire();
    await drop(replaced.projection.version);
  }

  async function drop(dropped: number): Promise<void> {
    await retried(() => store.drop({ name, version: dropped }), retrying);
    tell({ kind: 'dropped', name, version: dropped });
  }

  const current = createRunningProjection(projection, { ...options, onWritten: serveOnceFilled });
  await current.supervised(async () => {
    checkProjection(projection);
    live = await retried(() => store.liveVersion(name), retrying);
    await startPrevious();
    if (live === version) tell({ kind: 'live', name, version });
    await current.start();
    if (!current.stopped()) await startCurrent();
  });
  return previous === undefined ? [current] : [previous, current];
}

function reaches(position: Position | undefined, target: Position | undefined): boolean {
  return target === undefined || (position !== undefined && position >= target);
}
