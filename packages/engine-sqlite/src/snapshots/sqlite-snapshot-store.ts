import type { DatabaseSync } from 'node:sqlite';
import { EventSourcingError, SNAPSHOTS_KEPT, type SnapshotStore } from '@openbank/eventsourcing';
import { toError } from '../log/messages.ts';
import { startThread } from '../log/threads.ts';
import { prepareDirectory } from '../sqlite/directory.ts';
import { isDamage, toStoreError } from '../sqlite/sqlite-error.ts';
import type { FromSnapshotWriter, SnapshotWorkerData, ToSnapshotWriter } from './messages.ts';
import { createSaveQueue, type SaveQueueBounds } from './save-queue.ts';
import { createSnapshotReader, type SnapshotReader } from './snapshot-table.ts';
import { openForReading, SNAPSHOTS_FILE } from './snapshots-file.ts';

export interface SqliteSnapshotStoreOptions {
  /** Made where it is missing. The snapshots are in `snapshots.db` in it. */
  readonly directory: string;
  /** Snapshots kept of a stream. Default 10. */
  readonly keep?: number;
  /** What may wait to be written; what comes beyond is let go. */
  readonly queue?: SaveQueueBounds;
}

const QUEUE: SaveQueueBounds = { snapshots: 2_000, characters: 32_000_000 };

/**
 * Snapshots in a SQLite file, written by a thread of its own and read here. A file that is damaged, or of another
 * version, is begun anew. Open it where the directory is this process's alone.
 *
 * @throws EventSourcingError `store-unavailable` - the directory cannot be used
 */
export function openSqliteSnapshotStore(options: SqliteSnapshotStoreOptions): SnapshotStore {
  const { directory, keep = SNAPSHOTS_KEPT } = options;
  prepareDirectory(directory);
  const data: SnapshotWorkerData = { directory, keep };
  const module = new URL('./snapshot-worker.ts', import.meta.url);
  const thread = startThread<ToSnapshotWriter, FromSnapshotWriter>(module, data, 'snapshots', (failure) =>
    queue.stop(toError(failure)),
  );
  const queue = createSaveQueue(
    (snapshots) => thread.send({ kind: 'save', snapshots }),
    options.queue ?? QUEUE,
  );
  let reading: { readonly database: DatabaseSync; readonly reader: SnapshotReader } | undefined;
  let closing: Promise<void> | undefined;

  thread.listen((message) => {
    switch (message.kind) {
      case 'saved':
        return queue.settle(undefined);
      case 'not-saved':
        return queue.settle(toError(message.failure));
      case 'begun-anew':
        return stopReading();
    }
  });

  function stopReading(): void {
    reading?.database.close();
    reading = undefined;
  }

  function reader(): SnapshotReader | undefined {
    if (reading !== undefined) return reading.reader;
    const database = openForReading(directory);
    if (database === undefined) return undefined;
    reading = { database, reader: createSnapshotReader(database) };
    return reading.reader;
  }

  function assertOpen(): void {
    if (closing !== undefined) throw closed();
  }

  async function close(): Promise<void> {
    await queue.drained();
    queue.stop(closed());
    stopReading();
    thread.send({ kind: 'close' });
    await thread.ended;
  }

  return {
    async save(snapshot) {
      assertOpen();
      await queue.add(snapshot);
    },
    async load(stream, version) {
      assertOpen();
      try {
        return reader()?.newest(stream, version);
      } catch (error) {
        stopReading();
        if (isDamage(error)) thread.send({ kind: 'begin-anew' });
        throw toStoreError(error, SNAPSHOTS_FILE);
      }
    },
    async forget({ stream, version, revision }) {
      assertOpen();
      thread.send({ kind: 'forget', snapshot: { stream, version, revision } });
    },
    close: () => (closing ??= close()),
  };
}

function closed(): EventSourcingError {
  return new EventSourcingError('store-unavailable', 'The snapshots are closed: open them again.');
}
