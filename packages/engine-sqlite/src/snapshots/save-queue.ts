import { EventSourcingError, type Snapshot } from '@openbank/eventsourcing';

/** What waits to be saved. Characters are those of the states. */
export interface SaveQueueBounds {
  readonly snapshots: number;
  readonly characters: number;
}

/** Snapshots on their way to the thread that writes them: one batch under way, the others are the next one. */
export interface SaveQueue {
  /** @throws EventSourcingError `overloaded` - there is no room: it is a cache, so it is let go */
  add(snapshot: Snapshot): Promise<void>;
  /** The batch that was sent has its answer; undefined where it is saved. */
  settle(failure: Error | undefined): void;
  /** Nothing more is taken, and what waits is lost. */
  stop(failure: Error): void;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly snapshot: Snapshot;
  resolve(): void;
  reject(error: Error): void;
}

export function createSaveQueue(
  send: (snapshots: readonly Snapshot[]) => void,
  bounds: SaveQueueBounds,
): SaveQueue {
  let waiting: Waiting[] = [];
  let sent: Waiting[] = [];
  let characters = 0;
  let stopped: Error | undefined;
  let drained: (() => void) | undefined;

  function sendNext(): void {
    sent = waiting;
    waiting = [];
    characters = 0;
    if (sent.length > 0) send(sent.map(({ snapshot }) => snapshot));
    else drained?.();
  }

  function hasRoom({ state }: Snapshot): boolean {
    if (waiting.length === 0) return true;
    return waiting.length < bounds.snapshots && characters + state.length <= bounds.characters;
  }

  return {
    async add(snapshot) {
      if (stopped !== undefined) throw stopped;
      if (!hasRoom(snapshot))
        throw new EventSourcingError('overloaded', 'Too many snapshots wait: it is let go.');
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ snapshot, resolve, reject });
      characters += snapshot.state.length;
      if (sent.length === 0) sendNext();
      await promise;
    },
    settle(failure) {
      for (const each of sent) failure === undefined ? each.resolve() : each.reject(failure);
      sendNext();
    },
    stop(failure) {
      stopped ??= failure;
      for (const each of [...sent, ...waiting]) each.reject(stopped);
      sent = [];
      waiting = [];
      drained?.();
    },
    async drained() {
      if (sent.length === 0) return;
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
    },
  };
}
