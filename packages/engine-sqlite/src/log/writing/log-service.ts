import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ClaimFilter } from '../indexing/claim-filter.ts';
import { createIndexReader } from '../indexing/index-reader.ts';
import { INDEX_FILE } from '../indexing/index-schema.ts';
import { BUSY_TIMEOUT } from '../log-file.ts';
import { LOG_FILE } from '../log-schema.ts';
import { type FromWriter, type GroupMessage, toFailure } from '../messages.ts';
import { createLogReader } from '../reading/log-reader.ts';
import { createTail } from '../reading/tail.ts';
import type { SharedHead } from '../shared-head.ts';
import type { LogEnd } from '../start-up.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createGroupWriter } from './group-writer.ts';
import { HEAD_FILE, openHeadFile } from './head-file.ts';
import { decodeCommits } from './wire.ts';

/** What the writer's thread does, one message at a time. Every message is answered with one that settles it. */
export interface LogService {
  group(message: GroupMessage): void;
  /** Leaves the log's connection to whoever opened it. */
  close(): void;
}

export interface LogServiceParts {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly end: LogEnd;
  readonly shared: SharedHead;
  readonly claims: ClaimFilter;
  readonly imports: boolean;
  tell(message: FromWriter): void;
}

export function createLogService(parts: LogServiceParts): LogService {
  const { directory, database, shared, claims, imports, tell } = parts;
  const index = new DatabaseSync(join(directory, INDEX_FILE), { readOnly: true, timeout: BUSY_TIMEOUT });
  const log = createLogReader(database);
  const tail = createTail();
  const headFile = openHeadFile(join(directory, HEAD_FILE));
  const checkpoints = createCheckpoints(database);
  const writer = createGroupWriter({
    ...parts.end,
    database,
    log,
    tail,
    claims,
    imports,
    index: createIndexReader(index, claims),
  });
  // Its room on the disk is taken now: later writes go over this one.
  headFile.write(parts.end.head);
  let stopped = false;

  /** Nothing after a failed sync is certain, so nothing more is written, and no sync is tried again. */
  const stop = (kind: 'unknown' | 'failed', error: unknown) => {
    stopped = true;
    tell({ kind, failure: toFailure(error, LOG_FILE) });
  };

  const commit = () => {
    const before = writer.head();
    const outcome = writer.commit();
    if (writer.head() !== before) {
      headFile.write(writer.head());
      shared.setDurable(writer.head().position);
    }
    tell(outcome);
  };

  return {
    group(message) {
      if (stopped) return;
      try {
        tail.evictThrough(shared.indexed());
        writer.add(decodeCommits(message));
        if (message.last) commit();
      } catch (error) {
        return stop('unknown', error);
      }
      try {
        if (message.last) checkpoints.afterGroup();
      } catch (error) {
        stop('failed', error);
      }
    },
    close() {
      if (!stopped) checkpoints.final();
      headFile.close();
      index.close();
    },
  };
}
