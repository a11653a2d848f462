import { count, rowOf } from '../sqlite/columns.ts';
import { claimHash, type IndexWrites } from './index-schema.ts';
import { claimsOf, type LogRow } from './log-row.ts';

/** What rows of the log add to the index, gathered to be written in the order of its keys. */
export interface IndexBatch {
  add(row: LogRow): void;
  /** Within a transaction of the caller's. */
  write(writes: IndexWrites): void;
}

type Entry = readonly [stream: string, revision: number, position: number];
type ClaimEntry = readonly [hash: bigint, position: number];

export function createIndexBatch(streamIds: StreamIds): IndexBatch {
  const entries: Entry[] = [];
  const claims: ClaimEntry[] = [];
  let last: LogRow | undefined;
  return {
    add(row) {
      entries.push([row.stream, row.revision, row.position]);
      for (const { name } of claimsOf(row)) claims.push([claimHash(name), row.position]);
      last = row;
    },
    write(writes) {
      writeEntries(writes, streamIds, entries);
      claims.sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j));
      for (const [hash, position] of claims) writes.addClaim.run(hash, position);
      if (last !== undefined) writes.setReached.run(last.position, last.link);
    },
  };
}

function writeEntries(writes: IndexWrites, streamIds: StreamIds, entries: readonly Entry[]): void {
  const numbered = entries.map(([stream, revision, position]) => ({
    id: streamIds.of(writes, stream),
    revision,
    position,
  }));
  numbered.sort((a, b) => a.id - b.id || a.revision - b.revision);
  for (const { id, revision, position } of numbered) writes.addEntry.run(id, revision, position);
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
