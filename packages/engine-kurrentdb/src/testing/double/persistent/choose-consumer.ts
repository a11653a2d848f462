import { type Consumer, isFree } from './consumer.ts';
import type { Strategy } from './settings.ts';

/** Who takes part in a group, and to whom streams are pinned. */
export interface Members {
  readonly consumers: readonly Consumer[];
  readonly pins: Map<string, Consumer>;
}

/** Who gets the next event, among those who have room: somebody must. `turn` counts the events. */
export const chooseConsumer = (
  strategy: Strategy,
  members: Members,
  stream: string,
  turn: number,
): Consumer | undefined => {
  const free = members.consumers.filter(isFree);
  switch (strategy) {
    case 'DispatchToSingle':
      return free[0];
    case 'RoundRobin':
      return free[turn % free.length];
    case 'Pinned':
    case 'PinnedByCorrelation':
      return pinned(members, free, stream, turn);
  }
};

/** A stream stays with one consumer as long as that one is there; while it has no room, others help. */
const pinned = (
  { consumers, pins }: Members,
  free: readonly Consumer[],
  stream: string,
  turn: number,
): Consumer | undefined => {
  const holder = pins.get(stream);
  if (holder !== undefined && free.includes(holder)) return holder;
  const next = free[turn % free.length];
  const isHeld = holder !== undefined && consumers.includes(holder);
  if (next !== undefined && !isHeld) pins.set(stream, next);
  return next;
};
