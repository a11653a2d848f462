import type { Position } from '../event.ts';
import { leastOf, partitionOf } from '../projections/partitions.ts';

/** How far a read model is, partition by partition: what it must have folded, and no more. */
export interface Frontier {
  covers(event: FrontierEvent): boolean;
  /** Everything up to here is covered; undefined where a partition has not begun. */
  readonly least: Position | undefined;
  /** Nothing after this is; undefined where none has begun. */
  readonly furthest: Position | undefined;
}

interface FrontierEvent {
  readonly stream: string;
  readonly position: Position;
}

export function frontierOf(checkpoints: readonly (Position | undefined)[]): Frontier {
  const [lone] = checkpoints;
  return {
    covers({ stream, position }) {
      const reached = checkpoints.length === 1 ? lone : checkpoints[partitionOf(stream, checkpoints.length)];
      return reached !== undefined && position <= reached;
    },
    least: leastOf(checkpoints),
    furthest: checkpoints
      .filter((checkpoint) => checkpoint !== undefined)
      .sort()
      .at(-1),
  };
}
