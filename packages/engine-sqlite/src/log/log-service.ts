import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCheckpoints } from './checkpoints.ts';
import { createGroupWriter } from './group-writer.ts';
import { HEAD_FILE, openHeadFile } from './head-file.ts';
import { createIndexReader } from './index-reader.ts';
import { INDEX_FILE } from './index-schema.ts';
import { createLogReader } from './log-reader.ts';
import { LOG_FILE } from './log-schema.ts';
import { type FromWriter, type GroupMessage, toFailure } from './messages.ts';
import type { SharedHead } from './shared-head.ts';
import type { LogEnd } from './start-up.ts';
import { createTail } from './tail.ts';
import { decodeCommits } from './wire.ts';

/** What the writer's thread does, one message at a time. Every message is answered with one that settles it. */
export interface LogService {
  group(message: GroupMessage): void;
  close(): void;
}

export interface LogServiceParts {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly end: LogEnd;
  readonly shared: SharedHead;
  tell(message: FromWriter): void;
}

export function createLogService({ directory, database, end, shared, tell }: LogServiceParts): LogService {
  const index = new DatabaseSync(join(directory, INDEX_FILE), { readOnly: true });
  const log = createLogReader(database);
  const tail = createTail();
  const headFile = openHeadFile(join(directory, HEAD_FILE));
  const checkpoints = createCheckpoints(database);
  const writer = createGroupWriter({ ...end, database, log, tail, index: createIndexReader(index) });
  let stopped = false;

  /** Nothing after a failed sync is certain, so nothing more is written, and no sync is tried again. */
  const stop = (kind: 'unknown' | 'failed', error: unknown) => {
    stopped = true;
    tell({ kind, failure: toFailure(error, LOG_FILE) });
  };

  const write = ({ fields, commits }: GroupMessage) => {
    tail.evictThrough(shared.indexed());
    const before = writer.head();
    const outcome = writer.write(decodeCommits(fields, commits));
    if (outcome.kind === 'answers' && writer.head() !== before) {
      headFile.write(writer.head());
      shared.setDurable(writer.head().position);
    }
    tell(outcome);
  };

  return {
    group(message) {
      try {
        write(message);
      } catch (error) {
        return stop('unknown', error);
      }
      try {
        checkpoints.afterGroup();
      } catch (error) {
        stop('failed', error);
      }
    },
    close() {
      try {
        if (!stopped) checkpoints.final();
      } catch (error) {
        stop('failed', error);
      }
      headFile.close();
      index.close();
      database.close();
      tell({ kind: 'closed' });
    },
  };
}
