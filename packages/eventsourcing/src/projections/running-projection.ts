import { hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import { createDocumentCache, type KnownDocument } from './document-cache.ts';
import { feedingsOf, fold } from './fold.ts';
import type { LogEntry } from './log-entry.ts';
import type { Projection } from './projection.ts';
import type { Batch, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';

/** One projection at work: the only writer of its read model until another one takes it over. */
export interface RunningProjection {
  readonly projection: Projection;
  /** How far it has come. */
  position(): Position | undefined;
  stopped(): boolean;
  /** Folds the entries that it has not seen yet and moves its checkpoint to the position. Does not throw. */
  apply(entries: readonly LogEntry[], position: Position): Promise<void>;
  stop(error: unknown): void;
}

export interface RunningOptions {
  readonly store: ReadModelStore;
  readonly retrying: Retrying;
  /** Documents kept in memory. */
  readonly cachedDocuments: number;
  onProgress(name: string, position: Position): void;
  onStopped(name: string, error: unknown): void;
}

/** Takes the read model over and finds out how far it is. */
export async function startProjection(
  projection: Projection,
  options: RunningOptions,
): Promise<RunningProjection> {
  const { store, retrying, onProgress, onStopped } = options;
  const cache = createDocumentCache(options.cachedDocuments);
  let epoch = 0;
  let position: Position | undefined;
  let stopped = false;

  function moveTo(reached: Position): void {
    position = reached;
    onProgress(projection.name, reached);
  }

  function stop(error: unknown): void {
    if (stopped || retrying.signal.aborted) return;
    stopped = true;
    onStopped(projection.name, error);
  }

  async function supervised(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      stop(error);
    }
  }

  async function foldAndWrite(entries: readonly LogEntry[], upTo: Position): Promise<void> {
    const { feedings, failure } = feedingsOf(projection, entries, position);
    const documents = await known(feedings.map(({ documentId }) => documentId));
    const folded = fold(projection, feedings, (id) => documents.get(id));
    const broken = folded.failure ?? failure;
    const reached = broken === undefined ? upTo : folded.position;
    if (reached !== undefined)
      await write({ after: position, position: reached, epoch, changes: folded.changes });
    if (broken !== undefined) stop(broken);
  }

  /** The stored documents: from the cache, the others from the store. */
  async function known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownDocument>> {
    const documents = new Map<string, KnownDocument>();
    const missing = new Set<string>();
    for (const id of ids) {
      const document = cache.get(id);
      if (document === undefined) missing.add(id);
      else documents.set(id, document);
    }
    if (missing.size === 0) return documents;
    const loaded = await retried(() => store.load(projection, [...missing]), retrying);
    for (const [id, { revision, fields, deleted }] of loaded) {
      documents.set(id, { revision, fields: deleted ? undefined : fields });
    }
    return documents;
  }

  async function write(batch: Batch): Promise<void> {
    await retried((attempt) => applyOnce(batch, attempt), retrying);
    for (const { id, revision, fields } of batch.changes) cache.set(id, { revision, fields });
    moveTo(batch.position);
  }

  /** An attempt that failed for want of an answer may have been applied: then the checkpoint is where it was to be. */
  async function applyOnce(batch: Batch, attempt: number): Promise<void> {
    try {
      await store.apply(projection, batch);
    } catch (error) {
      const applied = attempt > 1 && hasCode(error, 'displaced');
      if (!applied || (await store.checkpoint(projection)) !== batch.position) throw error;
    }
  }

  await supervised(async () => {
    await retried(() => store.prepare(projection), retrying);
    epoch = await retried(() => store.takeOver(projection), retrying);
    const stored = await retried(() => store.checkpoint(projection), retrying);
    if (stored !== undefined) moveTo(stored);
  });

  return {
    projection,
    position: () => position,
    stopped: () => stopped || retrying.signal.aborted,
    stop,
    async apply(entries, upTo) {
      if (stopped || (position !== undefined && upTo <= position)) return;
      await supervised(() => foldAndWrite(entries, upTo));
    },
  };
}
