import type { DatabaseSync } from 'node:sqlite';
import { allRowsOf, count, rowOf, text } from '../../sqlite/columns.ts';
import type { Head } from '../writing/head-file.ts';
import type { ClaimFilter } from './claim-filter.ts';
import type { Digest } from './index-digest.ts';
import { claimHash, prepareLookups } from './index-schema.ts';

/** Looks up what the index holds, which is the log up to where it reaches. */
export interface IndexReader {
  lastRevision(stream: string): number | undefined;
  position(stream: string, revision: number): number | undefined;
  /** Positions of the first rows of commits, one of which may hold the claim. */
  claimants(name: string): readonly number[];
  /** The last row that it holds, and the digest of all that it holds; undefined while it is empty. */
  reached(): (Head & { readonly digest: Digest }) | undefined;
}

/** On a connection to the index, or to the log with the index attached. With a filter, free claims are not looked up. */
export function createIndexReader(database: DatabaseSync, filter?: ClaimFilter): IndexReader {
  const { lastRevision, positionOf, claimants, reached } = prepareLookups(database);
  return {
    lastRevision: (stream) => numberIn(rowOf(lastRevision, stream)),
    position: (stream, revision) => numberIn(rowOf(positionOf, stream, revision)),
    claimants(name) {
      const hash = claimHash(name);
      if (filter?.mayBeTaken(hash) === false) return [];
      return allRowsOf(claimants, hash).map(([position]) => count(position));
    },
    reached() {
      const row = rowOf(reached);
      if (row === undefined) return undefined;
      return { position: count(row[0]), link: text(row[1]), digest: count(row[2]) };
    },
  };
}

function numberIn(row: readonly unknown[] | undefined): number | undefined {
  return row === undefined ? undefined : count(row[0]);
}
