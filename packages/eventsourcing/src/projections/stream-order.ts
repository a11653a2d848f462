import { EventSourcingError } from '../errors.ts';
import type { RecordedEvent } from '../event.ts';
import { createRecentCache } from '../recent-cache.ts';

/** Watches that no event of a stream is left out on its way to a projection. */
export interface StreamOrder {
  /** @throws EventSourcingError `store-damaged` - the event before this one in its stream has not come */
  check(event: Pick<RecordedEvent, 'stream' | 'revision'>): void;
  /** What comes next is read again from an earlier place. */
  forget(): void;
}

/**
 * By stream, not by document: a document may be fed by a few events of its stream, or by one. Where a stream is not
 * among the last so many, or has not come since the start, there is nothing to compare with.
 */
export function createStreamOrder(maxStreams: number): StreamOrder {
  let revisions = createRecentCache<number>(maxStreams);
  return {
    check({ stream, revision }) {
      const last = revisions.get(stream);
      if (last !== undefined && revision > last + 1) throw gap(stream, last);
      if (last === undefined || revision > last) revisions.set(stream, revision);
    },
    forget() {
      revisions = createRecentCache(maxStreams);
    },
  };
}

function gap(stream: string, last: number): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `the event before it has not come: the last one of its stream was ${stream}@${last}, so start again, and check the log if that does not help`,
  );
}
