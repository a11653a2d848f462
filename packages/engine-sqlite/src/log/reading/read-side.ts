import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EventSourcingError } from '@openbank/eventsourcing';
import { prepare, rowOf } from '../../sqlite/columns.ts';
import { createIndexReader, type IndexReader } from '../indexing/index-reader.ts';
import { INDEX_FILE } from '../indexing/index-schema.ts';
import { openLogForReading } from '../log-file.ts';
import { IS_IMPORTED, prepareStreams } from '../log-schema.ts';
import type { LogSource } from './log-pages.ts';
import { createLogReader } from './log-reader.ts';
import type { StreamSource } from './stream-pages.ts';
import type { Tail } from './tail.ts';

/** All that reading needs, on one read-only connection: the log with the index attached, and what is younger. */
export interface ReadSide extends LogSource, StreamSource {
  /** The port's: booking times of imported commits rise along each stream only. */
  readonly oneClock: boolean;
  close(): void;
}

export interface ReadSideParts {
  readonly directory: string;
  /** What is younger than the index, on this connection where it has to be looked up. */
  tailOf(database: DatabaseSync, index: IndexReader): Pick<Tail, 'stream'>;
  isOpen(): boolean;
  durable(): number;
}

export function openReadSide({ directory, tailOf, isOpen, durable }: ReadSideParts): ReadSide {
  const database = openLogForReading(directory);
  database.prepare('ATTACH ? AS idx').run(join(directory, INDEX_FILE));
  // A stream's events lie scattered over the log, eight times as many pages as SQLite keeps by itself.
  database.exec('PRAGMA cache_size = -16000');
  const index = createIndexReader(database);
  return {
    tail: tailOf(database, index),
    index,
    log: createLogReader(database),
    streams: prepareStreams(database),
    oneClock: rowOf(prepare(database, IS_IMPORTED)) === undefined,
    durable,
    isOpen,
    assertOpen() {
      if (!isOpen())
        throw new EventSourcingError('store-unavailable', 'The event store is closed: open it again.');
    },
    close: () => database.close(),
  };
}
