import type { Position } from '../event.ts';
import { createFolding } from '../projections/folding.ts';
import type { LogEntry } from '../projections/log-entry.ts';
import type { Projection } from '../projections/projection.ts';
import type { ReadModelStore } from '../projections/read-model-store.ts';

/** A read model that is made again from its first event on. */
export interface ReplayedModel {
  /** @throws EventNotProjected */
  fold(entries: readonly LogEntry[]): Promise<void>;
  /** It shows the log up to there; undefined where that is before the first event. */
  end(position: Position | undefined): Promise<void>;
}

export async function replayedModel(
  projection: Projection,
  store: ReadModelStore,
  signal: AbortSignal,
): Promise<ReplayedModel> {
  await store.prepare(projection);
  const epoch = await store.takeOver(projection, 0);
  const folding = createFolding(projection, {
    store,
    reader: NO_STREAMS,
    retrying: { ...IN_MEMORY, signal },
    cachedDocuments: CACHED,
  });
  // Nothing is guessed: a look into memory costs little.
  folding.beginAgain();
  let after: Position | undefined;

  async function write(position: Position): Promise<void> {
    await store.apply(projection, { partition: 0, after, position, epoch, changes: folding.changes() });
    folding.written();
    after = position;
  }

  return {
    async fold(entries) {
      const upTo = entries.at(-1)?.recorded.position;
      if (upTo === undefined) return;
      const { failure } = await folding.fold({ entries, upTo }, undefined);
      if (failure !== undefined) throw failure;
      await write(upTo);
    },
    async end(position) {
      if (position !== undefined) await write(position);
      await store.setLive(projection);
    },
  };
}

/** A replay begins at the first event, so that a document which is not there has not been lost. */
const NO_STREAMS = { async *readStream() {} };

/** Documents at hand; the others are in memory too. */
const CACHED = 1_000;

/** Milliseconds, which nothing waits: what is in memory is never out of reach. */
const IN_MEMORY = { firstDelay: 1, longestDelay: 1 };
