import { type Commit, type CommitResult, commitTo, findRepeat } from './commit.ts';
import { createData, isTombstoned } from './data.ts';
import { type DeleteResult, softDelete, tombstone } from './delete.ts';
import type { EventLog } from './event-log.ts';
import type { StreamState } from './stream-state.ts';

/** The data of a server: its log and its streams, in memory. */
export interface Store {
  readonly log: EventLog;
  stream(name: string): StreamState | undefined;
  /** Whether a stream, or the one whose metadata it holds, was deleted for ever. */
  isTombstoned(name: string): boolean;
  commit(commit: Commit): CommitResult;
  /** A soft delete: the events leave the stream's readers, revisions go on. */
  delete(stream: string, expected: bigint): DeleteResult;
  /** For ever: the stream takes no more events. */
  tombstone(stream: string, expected: bigint): DeleteResult;
  /** Recognises a whole commit whose ids are all remembered, whatever it expects. */
  findRepeat(commit: Commit): CommitResult | undefined;
  /** What a restart loses: the remembered ids. */
  forgetRecentIds(): void;
}

export const createStore = (): Store => {
  const data = createData();
  return {
    log: data.log,
    stream: (name) => data.streams.get(name),
    isTombstoned: (name) => isTombstoned(data, name),
    commit: (commit) => commitTo(data, commit),
    delete: (stream, expected) => softDelete(data, stream, expected),
    tombstone: (stream, expected) => tombstone(data, stream, expected),
    findRepeat: (commit) => findRepeat(data, commit),
    forgetRecentIds: data.recent.forget,
  };
};
