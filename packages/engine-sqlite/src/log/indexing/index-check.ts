import type { DatabaseSync } from 'node:sqlite';
import type { ClaimFilter } from './claim-filter.ts';
import { EMPTY_DIGEST, mixClaim, mixEntry, plus } from './index-digest.ts';
import { damagedIndex } from './index-file.ts';
import { createIndexReader } from './index-reader.ts';
import { walkClaims, walkEntries } from './index-walk.ts';

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
  const claims = walkClaims(index);
  const entries = walkEntries(index);
  let digest = EMPTY_DIGEST;
  let done = false;

  function nextClaims(): boolean {
    const page = claims();
    for (const [hash, position] of page) {
      filter.add(hash);
      if (position <= held) digest = plus(digest, mixClaim(hash, position));
    }
    return page.length > 0;
  }

  function nextEntries(): boolean {
    const page = entries();
    for (const [stream, revision, position] of page) {
      if (position <= held) digest = plus(digest, mixEntry(stream, revision, position));
    }
    return page.length > 0;
  }

  return {
    done: () => done,
    next() {
      if (nextClaims()) return;
      filter.complete();
      if (nextEntries()) return;
      if (digest !== (reached?.digest ?? EMPTY_DIGEST)) throw damagedIndex();
      done = true;
    },
  };
}
