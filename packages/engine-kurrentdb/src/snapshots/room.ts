import { EventSourcingError } from '@openbank/eventsourcing';

/** How much may be under way at once. */
export interface RoomBounds {
  readonly snapshots: number;
  readonly characters: number;
}

/** Room for work that nobody waits for: what has none is let go. */
export interface Room {
  /**
   * Runs the work.
   *
   * @throws EventSourcingError `overloaded` - too much is under way
   * @throws EventSourcingError `store-unavailable` - it is closed
   */
  taking(characters: number, work: () => Promise<void>): Promise<void>;
  /** @throws EventSourcingError `store-unavailable` - it is closed */
  assertOpen(): void;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

export function createRoom(bounds: RoomBounds): Room {
  const underWay = new Set<Promise<void>>();
  let characters = 0;
  let isOpen = true;

  function assertOpen(): void {
    if (!isOpen)
      throw new EventSourcingError('store-unavailable', 'The snapshots are closed: open them again.');
  }

  function hasRoom(more: number): boolean {
    if (underWay.size === 0) return true;
    return underWay.size < bounds.snapshots && characters + more <= bounds.characters;
  }

  return {
    async taking(size, work) {
      assertOpen();
      if (!hasRoom(size)) {
        throw new EventSourcingError('overloaded', 'Too many snapshots are under way: it is let go.');
      }
      characters += size;
      const working = work();
      underWay.add(working);
      try {
        await working;
      } finally {
        underWay.delete(working);
        characters -= size;
      }
    },
    assertOpen,
    async close() {
      isOpen = false;
      await Promise.allSettled(underWay);
    },
  };
}
