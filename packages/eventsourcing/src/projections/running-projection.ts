import { hasCode } from '../errors.ts';
import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { createFolding, type LogPage } from './folding.ts';
import { createPartitionWriter } from './partition-writer.ts';
import type { Partition } from './partitions.ts';
import { type ProjectionNews, stopReason } from './progress.ts';
import type { Projection } from './projection.ts';
import type { DocumentChange, ReadModelStore } from './read-model-store.ts';
import type { Retrying } from './retry.ts';
import { createSupervision, type Supervision } from './supervision.ts';

/** One projection at work on a partition: the only writer of it until another one takes it over. It never throws. */
export interface RunningProjection extends Supervision {
  readonly projection: Projection;
  readonly partition: Partition;
  /**
   * Takes the partition over and finds out how far it is.
   *
   * @param target - where it must be before queries are answered from it; undefined where they are
   */
  start(target: Position | undefined): Promise<void>;
  /** Where it must be read on from. What it has folded and not yet written is before it. */
  position(): Position | undefined;
  /** How far what it has written goes. */
  checkpoint(): Position | undefined;
  /** Folds, in memory, those of the entries that it has not seen. They are of its partition. */
  fold(page: LogPage): Promise<void>;
  /** Writes what is folded, with the checkpoint; where no document changes, not before it is due. */
  write(): Promise<void>;
  /** When a checkpoint that was not due at the last write will be, by `performance.now`; undefined where none waits. */
  due(): number | undefined;
}

export interface RunningOptions {
  readonly store: ReadModelStore;
  readonly reader: EventReader;
  readonly retrying: Retrying;
  /** Documents kept in memory. */
  readonly cachedDocuments: number;
  /** Milliseconds from one write to the next where no document changes. */
  readonly checkpointInterval: number;
  tell(news: ProjectionNews): void;
  /** It has stopped: told beside the news, as it was thrown. */
  onStopped?(error: unknown): void;
  /** Whether an error only says that nobody needs it any more: it ends without a word. */
  isOver?(error: unknown): boolean;
  /** After each write, and before the next one. */
  onWritten?(): Promise<void>;
}

export function createRunningProjection(
  projection: Projection,
  partition: Partition,
  options: RunningOptions,
): RunningProjection {
  const { name, version } = projection;
  const tell = (news: PartitionNews): void => options.tell({ name, version, partition, ...news });
  const supervision = createSupervision(options.retrying.signal, options.isOver, (error) => {
    tell({ kind: 'stopped', reason: stopReason(error) });
    options.onStopped?.(error);
  });
  const retrying = { ...options.retrying, signal: supervision.signal };
  const folding = createFolding(projection, { ...options, retrying });
  const writer = createPartitionWriter({
    model: projection,
    partition: partition.index,
    store: options.store,
    retrying,
    onWaiting: (error) => tell({ kind: 'waiting', reason: stopReason(error) }),
  });
  let folded: Position | undefined;
  let written = Number.NEGATIVE_INFINITY;
  let due: number | undefined;

  async function start(target: Position | undefined): Promise<void> {
    await writer.takeOver();
    folded = writer.checkpoint();
    if (!supervision.stopped()) tell({ kind: 'started', position: folded, target });
  }

  async function fold(page: LogPage): Promise<void> {
    if (folded !== undefined && page.upTo <= folded) return;
    const { position, failure } = await folding.fold(page, folded);
    folded = position ?? folded;
    if (failure === undefined) return;
    await write(0);
    supervision.stop(failure);
  }

  async function write(interval: number): Promise<void> {
    if (folded === undefined || folded === writer.checkpoint()) return;
    const changes = folding.changes();
    if (changes.length === 0 && performance.now() < written + interval) putOff(folded, written + interval);
    else await writeNow(folded, changes);
  }

  /** What is not written changes no document: everything up to there can be read already. */
  function putOff(position: Position, until: number): void {
    due = until;
    tell({ kind: 'moved', position });
  }

  async function writeNow(position: Position, changes: readonly DocumentChange[]): Promise<void> {
    due = undefined;
    try {
      await writer.write(position, changes);
    } catch (error) {
      if (!folding.guessed() || !hasCode(error, 'displaced')) throw error;
      beginAgain();
      return;
    }
    folding.written();
    written = performance.now();
    tell({ kind: 'moved', position });
    await options.onWritten?.();
  }

  /**
   * An event that may create a document found one, which is rare (it was deleted before, for example): to look for it
   * in the store each time would cost more than all else. Or there really is another owner: then the next write tells.
   */
  function beginAgain(): void {
    folding.beginAgain();
    folded = writer.checkpoint();
  }

  return {
    ...supervision,
    projection,
    partition,
    start: (target) => supervision.supervised(() => start(target)),
    position: () => folded,
    checkpoint: writer.checkpoint,
    fold: (page) => supervision.work(() => fold(page)),
    write: () => supervision.work(() => write(options.checkpointInterval)),
    due: () => due,
  };
}

/** News without what they all say. */
type PartitionNews = WithoutPlace<ProjectionNews>;
type WithoutPlace<News> = News extends ProjectionNews ? Omit<News, 'name' | 'version' | 'partition'> : never;
