import { hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import { feedingsOf, fold } from './fold.ts';
import type { LogEntry } from './log-entry.ts';
import type { Projection } from './projection.ts';
import type { Batch, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';
import { createStreamOrder } from './stream-order.ts';
import { createWorkingSet } from './working-set.ts';

/** One projection at work: the only writer of its read model until another one takes it over. It never throws. */
export interface RunningProjection {
  readonly projection: Projection;
  /** Where it must be read on from. What it has folded and not yet written is before it. */
  position(): Position | undefined;
  stopped(): boolean;
  /** Folds, in memory, those of the entries that it has not seen. */
  fold(entries: readonly LogEntry[], upTo: Position): Promise<void>;
  /** Writes what is folded, with the checkpoint. */
  write(): Promise<void>;
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
  { store, retrying, cachedDocuments, onProgress, onStopped }: RunningOptions,
): Promise<RunningProjection> {
  const documents = createWorkingSet(cachedDocuments);
  const order = createStreamOrder(cachedDocuments);
  let epoch = 0;
  let checkpoint: Position | undefined;
  let folded: Position | undefined;
  let stopped = false;
  let guess = true;
  let guessed = false;

  function stop(error: unknown): void {
    if (stopped || retrying.signal.aborted) return;
    stopped = true;
    onStopped(projection.name, error);
  }

  async function supervised(work: () => Promise<void>): Promise<void> {
    if (stopped) return;
    try {
      await work();
    } catch (error) {
      stop(error);
    }
  }

  async function start(): Promise<void> {
    await retried(() => store.prepare(projection), retrying);
    epoch = await retried(() => store.takeOver(projection), retrying);
    checkpoint = await retried(() => store.checkpoint(projection), retrying);
    folded = checkpoint;
    if (checkpoint !== undefined) onProgress(projection.name, checkpoint);
  }

  async function foldPage(entries: readonly LogEntry[], upTo: Position): Promise<void> {
    if (folded !== undefined && upTo <= folded) return;
    const page = feedingsOf(projection, entries, folded, documents, order, guess);
    guessed ||= page.guessed;
    await load([...page.missing]);
    const result = fold(projection, page.feedings, documents);
    const failure = result.failure ?? page.failure;
    folded = failure === undefined ? upTo : (result.position ?? folded);
    if (failure === undefined) return;
    await writeFolded();
    stop(failure);
  }

  async function load(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const stored = await retried(() => store.load(projection, ids), retrying);
    for (const [id, { revision, fields, deleted }] of stored) {
      documents.add(id, { revision, fields: deleted ? undefined : fields });
    }
  }

  async function writeFolded(): Promise<void> {
    if (folded === undefined || folded === checkpoint) return;
    const batch = { after: checkpoint, position: folded, epoch, changes: documents.changes() };
    try {
      await retried((attempt) => apply(batch, attempt), retrying);
    } catch (error) {
      if (!guessed || !hasCode(error, 'displaced')) throw error;
      startAgainWithoutGuessing();
      return;
    }
    documents.written();
    guessed = false;
    checkpoint = batch.position;
    onProgress(projection.name, checkpoint);
  }

  /**
   * An event that may create a document found one, which is rare (it was deleted before, for example): to look for it
   * in the store each time would cost more than all else. Or there really is another owner: then the next write tells.
   */
  function startAgainWithoutGuessing(): void {
    documents.forget();
    order.forget();
    folded = checkpoint;
    guess = false;
    guessed = false;
  }

  /** An attempt that failed for want of an answer may have been applied: then the checkpoint is where it was to be. */
  async function apply(batch: Batch, attempt: number): Promise<void> {
    try {
      await store.apply(projection, batch);
    } catch (error) {
      const perhapsApplied = attempt > 1 && hasCode(error, 'displaced');
      if (!perhapsApplied || (await store.checkpoint(projection)) !== batch.position) throw error;
    }
  }

  await supervised(start);
  return {
    projection,
    position: () => folded,
    stopped: () => stopped || retrying.signal.aborted,
    stop,
    fold: (entries, upTo) => supervised(() => foldPage(entries, upTo)),
    write: () => supervised(writeFolded),
  };
}
