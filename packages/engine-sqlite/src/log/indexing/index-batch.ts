import { count, rowOf } from '../../sqlite/columns.ts';
import { claimsOf, type LogRow } from '../log-row.ts';
import { type Digest, mixClaim, mixEntry, plus } from './index-digest.ts';
import { claimHash, type IndexWrites } from './index-schema.ts';

/** What of a row the index is made from. */
export type IndexedRow = Pick<LogRow, 'position' | 'stream' | 'revision' | 'claims' | 'commitLast'>;

interface Entry {
  readonly stream: number;
  readonly revision: number;
  readonly position: number;
}

interface ClaimEntry {
  readonly hash: number;
  readonly position: number;
}

/** What rows of the log add to the index, gathered to be written in the order of its keys. In a transaction. */
export interface IndexBatch {
  add(row: IndexedRow): void;
  /** Writes all of it, and answers the digest with it. */
  write(before: Digest): Digest;
}

export function createIndexBatch(writes: IndexWrites, streamIds: StreamIds): IndexBatch {
  const entries: Entry[] = [];
  const claims: ClaimEntry[] = [];
  return {
    add(row) {
      const { stream, revision, position } = row;
      entries.push({ stream: streamIds.of(writes, stream), revision, position });
      for (const { name } of claimsOf(row)) claims.push({ hash: claimHash(name), position });
    },
    write(before) {
      let digest = before;
      entries.sort((a, b) => a.stream - b.stream || a.revision - b.revision);
      for (const { stream, revision, position } of entries) {
        writes.addEntry.run(stream, revision, position);
        digest = plus(digest, mixEntry(stream, revision, position));
      }
      claims.sort((a, b) => a.hash - b.hash || a.position - b.position);
      for (const { hash, position } of claims) {
        writes.addClaim.run(hash, position);
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
