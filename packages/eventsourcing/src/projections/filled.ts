import type { Position } from '../event.ts';
import { ReadModelRefused } from './errors.ts';
import type { Projection } from './projection.ts';
import type { ReadModel, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';

export interface FillCheck {
  readonly projection: Projection;
  readonly store: ReadModelStore;
  readonly retrying: Retrying;
  /** Other processes may feed other versions. */
  readonly shared: boolean;
}

/**
 * Whether a version may take the place of the one that is live: all of its partitions show the log up to the target,
 * and no less than that one. An older program among others takes a newer version's place only where nobody feeds that
 * any more, so that all of its own partitions are ahead: then it was taken back.
 */
export async function isFilled(
  check: FillCheck,
  live: number | undefined,
  target: Position | undefined,
): Promise<boolean> {
  const { projection, store, retrying, shared } = check;
  const wanted = await retried(() => store.checkpoints(projection), retrying);
  if (!wanted.every((position) => reaches(position, target))) return false;
  const served = await servedCheckpoints(check, live);
  const isOlder = shared && live !== undefined && live > projection.version;
  const isAhead = isOlder ? isPast : reaches;
  return wanted.every((position, partition) => isAhead(position, served[partition]));
}

/** Of the version that is live; none where there is nothing to wait for. */
async function servedCheckpoints(
  { projection, store, retrying, shared }: FillCheck,
  live: number | undefined,
): Promise<readonly (Position | undefined)[]> {
  const previous = projection.previous?.projection;
  if (live === undefined || (!shared && live !== previous?.version)) return [];
  const served: ReadModel = previous?.version === live ? previous : { ...projection, version: live };
  try {
    return await retried(() => store.checkpoints(served), retrying);
  } catch (error) {
    if (error instanceof ReadModelRefused) return [];
    throw error;
  }
}

export function reaches(position: Position | undefined, target: Position | undefined): boolean {
  return target === undefined || (position !== undefined && position >= target);
}

function isPast(position: Position | undefined, other: Position | undefined): boolean {
  return position !== undefined && (other === undefined || position > other);
}
