import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createClaimFilterBuffer } from './indexing/claim-filter.ts';
import { LOG_FILE } from './log-schema.ts';
import {
  type DerivedPosition,
  type Failure,
  type FromIndex,
  type FromWriter,
  type IndexProgress,
  type IndexWorkerData,
  type ToWriter,
  toError,
  type WriterWorkerData,
} from './messages.ts';
import type { SharedHead } from './shared-head.ts';
import { startThread, type Thread } from './threads.ts';

/** The writer's thread, and the index's behind it, both at work. */
export interface Threads {
  readonly writer: Thread<ToWriter, FromWriter>;
  readonly lastRecordedAt: number;
  /**
   * Ends both, the index first, so that it has all that was written.
   *
   * @throws EventSourcingError - the last sync has failed; what was acknowledged had its own
   */
  close(): Promise<void>;
}

export interface ThreadsParts {
  readonly directory: string;
  readonly derivedPositions?: readonly DerivedPosition[];
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly imports?: boolean;
  readonly shared: SharedHead;
  /** One of them ended, or the index is not what it should be, and nobody had asked for it. */
  died(failure: Failure): void;
}

/**
 * The log is opened, settled and looked at before the index follows it, and indexed before anything is served.
 *
 * @throws EventSourcingError - what either of them found
 */
export async function startThreads(parts: ThreadsParts): Promise<Threads> {
  const { directory, derivedPositions = [], shared, onProgress = () => {}, imports = false } = parts;
  let closing = false;
  const died = (failure: Failure) => {
    if (!closing) parts.died(failure);
  };
  const data: WriterWorkerData & IndexWorkerData = {
    directory,
    head: shared.buffer,
    claims: createClaimFilterBuffer(expectedClaims(directory)),
    derivedPositions,
    imports,
  };
  const start = <In, Out>(module: string, name: string): Thread<In, Out> =>
    startThread<In, Out>(new URL(module, import.meta.url), data, name, died);

  const writer = start<ToWriter, FromWriter>('./writing/log-writer.ts', 'log-writer');
  let index: Thread<never, FromIndex> | undefined;
  const close = async () => {
    closing = true;
    shared.stop();
    await index?.ended;
    const closed = reply(writer, died, (message) => (message.kind === 'closed' ? message : undefined));
    writer.send({ kind: 'close' });
    try {
      await closed;
    } finally {
      await writer.ended;
    }
  };

  try {
    const opened = await reply(writer, died, (message) => (message.kind === 'opened' ? message : undefined));
    index = start<never, FromIndex>('./indexing/index-worker.ts', 'log-index');
    await reply(index, died, (message) => {
      if (message.kind === 'progress') onProgress({ indexed: message.indexed, total: message.total });
      return message.kind === 'caught-up' ? message : undefined;
    });
    writer.send({ kind: 'serve' });
    await reply(writer, died, (message) => (message.kind === 'serving' ? message : undefined));
    return { writer, lastRecordedAt: opened.lastRecordedAt, close };
  } catch (error) {
    // Whatever the end of it says is less than what has brought it about.
    await close().catch(() => {});
    throw error;
  }
}

/** Roughly, and rather too many: an event of a command has a kilobyte, and hardly ever more than one claim. */
function expectedClaims(directory: string): number {
  return (statSync(join(directory, LOG_FILE), { throwIfNoEntry: false })?.size ?? 0) / 1_000;
}

/** The message that is waited for; what the others tell is for `wanted` to take along. */
function reply<Out extends FromWriter | FromIndex, Wanted>(
  thread: Thread<never, Out>,
  died: (failure: Failure) => void,
  wanted: (message: Out) => Wanted | undefined,
): Promise<Wanted> {
  return new Promise((resolve, reject) => {
    thread.listen((message) => {
      if (message.kind === 'failed') {
        // A thread that fails right after its reply may tell both at once, before anybody else can listen.
        died(message.failure);
        return reject(toError(message.failure));
      }
      const found = wanted(message);
      if (found !== undefined) resolve(found);
    });
    void thread.ended.then((failure) => reject(toError(failure)));
  });
}
