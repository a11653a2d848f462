import type { DatabaseSync } from 'node:sqlite';
import { allRowsOf, count, prepare } from '../../sqlite/columns.ts';
import type { ClaimFilter } from './claim-filter.ts';
import { EMPTY_DIGEST, mixClaim, mixEntry, plus } from './index-digest.ts';
import { damagedIndex } from './index-file.ts';
import { createIndexReader } from './index-reader.ts';

/** One walk over the index after the start, some rows at a time: what is written meanwhile has to be indexed too. */
export interface IndexCheck {
  done(): boolean;
  /** @throws EventSourcingError `store-damaged` - the index does not hold what was written to it */
  next(): void;
}

/** Puts the claims into the filter, and compares all that the index held at the start with its digest. */
export function createIndexCheck(index: DatabaseSync, filter: ClaimFilter): IndexCheck {
  const reached = createIndexReader(index).reached();
  const held = reached?.position ?? 0;
  let digest = EMPTY_DIGEST;
  const add = (position: number, row: number) => {
    if (position <= held) digest = plus(digest, row);
  };
  const claims = createWalk(index, CLAIMS, [-1, -1], ([hash = 0, position = 0]) => {
    filter.add(hash);
    add(position, mixClaim(hash, position));
  });
  const entries = createWalk(index, ENTRIES, [-1, -1], ([stream = 0, revision = 0, position = 0]) => {
    add(position, mixEntry(stream, revision, position));
  });
  let done = false;

  return {
    done: () => done,
    next() {
      if (claims()) return;
      filter.complete();
      if (entries()) return;
      if (digest !== (reached?.digest ?? EMPTY_DIGEST)) throw damagedIndex();
      done = true;
    },
  };
}

const CLAIMS =
  'SELECT hash, position FROM claims WHERE (hash, position) > (?, ?) ORDER BY hash, position LIMIT 20000';
const ENTRIES =
  'SELECT stream, revision, position FROM entries WHERE (stream, revision) > (?, ?) ORDER BY stream, revision LIMIT 20000';

/** Gives the next rows at each call, and answers whether there were any. */
function createWalk(
  index: DatabaseSync,
  sql: string,
  before: readonly [number, number],
  see: (row: readonly number[]) => void,
): () => boolean {
  const rowsAfter = prepare(index, sql);
  let [first, second] = before;
  return () => {
    const rows = allRowsOf(rowsAfter, first, second).map((row) => row.map(count));
    for (const row of rows) see(row);
    const last = rows.at(-1);
    first = last?.[0] ?? first;
    second = last?.[1] ?? second;
    return last !== undefined;
  };
}
