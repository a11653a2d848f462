import { count, rowOf } from '../../sqlite/columns.ts';
import { claimsOf, type LogRow } from '../log-row.ts';
import { type Digest, mixClaim, mixEntry, plus } from './index-digest.ts';
import { claimHash, type IndexWrites, RUN } from './index-schema.ts';

/** What of a row the index is made from. */
export type IndexedRow = Pick<LogRow, 'position' | 'stream' | 'revision' | 'claims' | 'commitLast'>;

interface Entry {
  readonly run: number;
  readonly stream: number;
  readonly revision: number;
  readonly position: number;
}

interface ClaimEntry {
  readonly run: number;
  readonly hash: number;
  readonly position: number;
}

/** What rows of the log add to the index, gathered to be written in the order of its keys. In a transaction. */
export interface IndexBatch {
  add(row: IndexedRow): void;
  /** Writes all of it, and answers the digest with it. */
  write(before: Digest): Digest;
}

/** @param runLength positions in a run */
export function createIndexBatch(writes: IndexWrites, streamIds: StreamIds, runLength = RUN): IndexBatch {
  const entries: Entry[] = [];
  const claims: ClaimEntry[] = [];
  const runs = new Set<number>();
  return {
    add(row) {
      const { stream, revision, position } = row;
      const run = Math.floor(position / runLength);
      runs.add(run);
      entries.push({ run, stream: streamIds.of(writes, stream), revision, position });
      for (const { name } of claimsOf(row)) claims.push({ run, hash: claimHash(name), position });
    },
    write(before) {
      let digest = before;
      for (const run of runs) writes.addRun.run(run);
      entries.sort((a, b) => a.run - b.run || a.stream - b.stream || a.revision - b.revision);
      for (const { run, stream, revision, position } of entries) {
        writes.addEntry.run(run, stream, revision, position);
        digest = plus(digest, mixEntry(stream, revision, position));
      }
      claims.sort((a, b) => a.run - b.run || a.hash - b.hash || a.position - b.position);
      for (const { run, hash, position } of claims) {
        writes.addClaim.run(run, hash, position);
        digest = plus(digest, mixClaim(hash, position));
      }
      return digest;
    },
  };
}

/** Numbers of streams: those used last in memory, the others in the index. */
export interface StreamIds {
  of(writes: IndexWrites, stream: string): number;
  /** Forgets what a transaction added that was rolled back. */
  clear(): void;
}

const REMEMBERED = 200_000;

export function createStreamIds(): StreamIds {
  const ids = new Map<string, number>();
  return {
    of(writes, stream) {
      const known = ids.get(stream);
      if (known !== undefined) return known;
      const row = rowOf(writes.streamId, stream) ?? rowOf(writes.addStream, stream);
      const id = count(row?.[0]);
      if (ids.size >= REMEMBERED) ids.clear();
      ids.set(stream, id);
      return id;
    },
    clear: () => ids.clear(),
  };
}
