import { hash } from 'node:crypto';
import { type Digest, EMPTY_DIGEST, mixClaim, mixEntry, plus } from '../log/indexing/index-digest.ts';

/**
 * What an index holds, in a few numbers, whatever the order: how many entries and claims, and two digests of each, 64
 * bits together. The log and the index each make one; where they are equal, so are their entries.
 */
export interface IndexSketch {
  addEntry(stream: StreamHash, revision: number, position: number): void;
  addClaim(claim: number, position: number): void;
  summary(): IndexSummary;
}

export interface IndexSummary {
  readonly entries: number;
  readonly claims: number;
  readonly digests: string;
}

export type StreamHash = readonly [number, number];

export function streamHash(name: string): StreamHash {
  const bytes = hash('sha256', name, 'buffer');
  return [bytes.readUIntBE(0, 6), bytes.readUIntBE(6, 6)];
}

export function createIndexSketch(): IndexSketch {
  const digests: Digest[] = [EMPTY_DIGEST, EMPTY_DIGEST, EMPTY_DIGEST, EMPTY_DIGEST];
  let entries = 0;
  let claims = 0;
  const add = (which: number, row: number): void => {
    digests[which] = plus(digests[which] ?? EMPTY_DIGEST, row);
  };
  return {
    addEntry([one, other], revision, position) {
      entries++;
      add(0, mixEntry(one, revision, position));
      add(1, mixEntry(position, revision, other));
    },
    addClaim(claim, position) {
      claims++;
      add(2, mixClaim(claim, position));
      add(3, mixClaim(position, claim));
    },
    summary: () => ({ entries, claims, digests: digests.join() }),
  };
}
