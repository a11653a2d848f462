import type { Position } from '../event.ts';
import type { Following } from './follow-log.ts';
import { type Retrying, retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';

/**
 * Puts those together that are to catch up together: partitions that another process has left stand a few events apart, and
 * a page that some of them have seen costs them nothing, where each of them reading the log would cost all of it. Who is
 * further ahead does not wait, nor does anybody for those that begin from nothing.
 */
export async function catchUpGroups(
  projections: readonly RunningProjection[],
  following: Following,
  retrying: Retrying,
): Promise<readonly (readonly RunningProjection[])[]> {
  const apart = equallyFar(projections);
  if (apart.length < 2) return apart.map(({ members }) => members);
  const groups: Group[] = [];
  let reach: Position | undefined;
  for (const next of apart) {
    const { position, members } = next;
    if (reach !== undefined && position !== undefined && position <= reach) {
      groups.at(-1)?.members.push(...members);
    } else {
      groups.push(next);
      reach = position && (await endOfPage(position, following, retrying));
    }
  }
  return groups.map(({ members }) => members);
}

interface Group {
  readonly position: Position | undefined;
  readonly members: RunningProjection[];
}

/** Those that are furthest behind come first. */
function equallyFar(projections: readonly RunningProjection[]): readonly Group[] {
  const running = projections.filter((projection) => !projection.stopped());
  return [...Map.groupBy(running, (projection) => projection.position())]
    .map(([position, members]) => ({ position, members }))
    .sort((one, other) => ((one.position ?? '') < (other.position ?? '') ? -1 : 1));
}

async function endOfPage(
  after: Position,
  { reader, prefixes }: Following,
  retrying: Retrying,
): Promise<Position | undefined> {
  try {
    return await retried(async () => {
      for await (const { position } of reader.readAll({ after, prefixes })) return position;
      return undefined;
    }, retrying);
  } catch {
    // Whoever catches up from there meets the same, and stops with it; the others do not.
    return undefined;
  }
}
