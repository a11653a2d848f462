import { createHeadSignal, type EventReader, follow } from '@openbank/eventsourcing';
import { toPosition } from '../position.ts';
import { type SharedHead, sharedHead } from '../shared-head.ts';
import { logPages } from './log-pages.ts';
import { openReadSide } from './read-side.ts';
import { createScannedTail } from './scanned-tail.ts';
import { streamPages } from './stream-pages.ts';

export interface SqliteEventReaderOptions {
  readonly directory: string;
  /** The `sharedHead` of the store that is open in this process. */
  readonly head: SharedArrayBuffer;
}

/** Reads and follows the log in a thread of its own, up to what is durable. Close it before its store. */
export interface SqliteEventReader extends EventReader {
  close(): Promise<void>;
}

/** Milliseconds after which a thread that waits for the head looks whether it still has to. */
const LOOK_AROUND = 1_000;

export function openSqliteEventReader({ directory, head }: SqliteEventReaderOptions): SqliteEventReader {
  const shared = sharedHead(head);
  const headSignal = createHeadSignal();
  let open = true;
  const source = openReadSide({
    directory,
    isOpen: () => open,
    durable: shared.durable,
    tailOf: (database, index) => createScannedTail(database, index, shared.durable),
  });
  const pump = relay(
    shared,
    (position) => headSignal.moved(toPosition(position)),
    () => open,
  );

  const readAll: EventReader['readAll'] = (read = {}) => logPages(source, read);
  return {
    oneClock: source.oneClock,
    readAll,
    readStream: (stream, read = {}) => streamPages(source, stream, read),
    async head() {
      source.assertOpen();
      return shared.durable() === 0 ? undefined : toPosition(shared.durable());
    },
    subscribe: (subscription) => follow({ readAll, waitForHead: headSignal.wait }, subscription),
    async close() {
      if (!open) return;
      open = false;
      headSignal.close();
      source.close();
      shared.wake();
      await pump;
    },
  };
}

/** Carries the head from shared memory to those who wait for it in this thread. */
async function relay(
  shared: SharedHead,
  moved: (position: number) => void,
  goesOn: () => boolean,
): Promise<void> {
  let seen = 0;
  while (goesOn()) {
    const durable = shared.durable();
    if (durable !== seen) moved(durable);
    seen = durable;
    await shared.left(seen, LOOK_AROUND);
  }
}
