import { hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { createFolding } from './folding.ts';
import type { LogEntry } from './log-entry.ts';
import { type ProjectionNews, stopReason } from './progress.ts';
import type { Projection } from './projection.ts';
import type { Batch, ReadModelStore } from './read-model-store.ts';
import { type Retrying, retried } from './retry.ts';

/** One projection at work: the only writer of its read model until another one takes it over. It never throws. */
export interface RunningProjection {
  readonly projection: Projection;
  /** Takes the read model over and finds out how far it is. */
  start(): Promise<void>;
  /** Where it must be read on from. What it has folded and not yet written is before it. */
  position(): Position | undefined;
  /** How far what it has written goes. */
  checkpoint(): Position | undefined;
  stopped(): boolean;
  /** Folds, in memory, those of the entries that it has not seen. */
  fold(entries: readonly LogEntry[], upTo: Position): Promise<void>;
  /** Writes what is folded, with the checkpoint. */
  write(): Promise<void>;
  /** Does something beside: where that fails, it stops. */
  supervised(work: () => Promise<void>): Promise<void>;
  stop(error: unknown): void;
  /** Stops it without a word once what it is doing is finished: nobody needs it any more. */
  retire(): Promise<void>;
}

export interface RunningOptions {
  readonly store: ReadModelStore;
  readonly reader: EventReader;
  readonly retrying: Retrying;
  /** Documents kept in memory. */
  readonly cachedDocuments: number;
  tell(news: ProjectionNews): void;
  /** It has stopped: told beside the news, as it was thrown. */
  onStopped?(error: unknown): void;
  /** After each write, and before the next one. */
  onWritten?(): Promise<void>;
}

const PARTITION = 0;

export function createRunningProjection(projection: Projection, options: RunningOptions): RunningProjection {
  const { store, retrying, tell, onStopped, onWritten } = options;
  const { name, version } = projection;
  const folding = createFolding(projection, options);
  let epoch = 0;
  let checkpoint: Position | undefined;
  let folded: Position | undefined;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();

  function stop(error: unknown): void {
    if (stopped || retrying.signal.aborted) return;
    stopped = true;
    tell({ kind: 'stopped', name, version, reason: stopReason(error) });
    onStopped?.(error);
  }

  async function supervised(work: () => Promise<void>): Promise<void> {
    if (stopped) return;
    try {
      await work();
    } catch (error) {
      stop(error);
    }
  }

  const storedCheckpoint = async () => (await store.checkpoints(projection))[PARTITION];

  async function takeOver(): Promise<void> {
    await retried(() => store.prepare(projection), retrying);
    epoch = await retried(() => store.takeOver(projection, PARTITION), retrying);
    checkpoint = await retried(() => storedCheckpoint(), retrying);
    folded = checkpoint;
  }

  async function foldPage(entries: readonly LogEntry[], upTo: Position): Promise<void> {
    if (folded !== undefined && upTo <= folded) return;
    const { position, failure } = await folding.fold({ entries, upTo }, folded);
    folded = position ?? folded;
    if (failure === undefined) return;
    await writeFolded();
    stop(failure);
  }

  async function writeFolded(): Promise<void> {
    if (folded === undefined || folded === checkpoint) return;
    const batch = {
      partition: PARTITION,
      after: checkpoint,
      position: folded,
      epoch,
      changes: folding.changes(),
    };
    try {
      await retried((attempt) => apply(batch, attempt), { ...retrying, onRetry: waits });
    } catch (error) {
      if (!folding.guessed() || !hasCode(error, 'displaced')) throw error;
      beginAgain();
      return;
    }
    folding.written();
    checkpoint = batch.position;
    tell({ kind: 'moved', name, version, position: checkpoint });
    await onWritten?.();
  }

  /**
   * An event that may create a document found one, which is rare (it was deleted before, for example): to look for it
   * in the store each time would cost more than all else. Or there really is another owner: then the next write tells.
   */
  function beginAgain(): void {
    folding.beginAgain();
    folded = checkpoint;
  }

  /** An attempt that failed for want of an answer may have been applied: then the checkpoint is where it was to be. */
  async function apply(batch: Batch, attempt: number): Promise<void> {
    try {
      await store.apply(projection, batch);
    } catch (error) {
      const perhapsApplied = attempt > 1 && hasCode(error, 'displaced');
      if (!perhapsApplied || (await storedCheckpoint()) !== batch.position) throw error;
    }
  }

  function waits(error: unknown, attempt: number): void {
    tell({ kind: 'waiting', name, version, reason: stopReason(error) });
    retrying.onRetry?.(error, attempt);
  }

  /** Whoever reads the log does one thing after the other. */
  function next(work: () => Promise<void>): Promise<void> {
    working = supervised(work);
    return working;
  }

  return {
    projection,
    start: () => supervised(takeOver),
    position: () => folded,
    checkpoint: () => checkpoint,
    stopped: () => stopped || retrying.signal.aborted,
    stop,
    supervised,
    fold: (entries, upTo) => next(() => foldPage(entries, upTo)),
    write: () => next(writeFolded),
    async retire() {
      stopped = true;
      await working;
    },
  };
}
