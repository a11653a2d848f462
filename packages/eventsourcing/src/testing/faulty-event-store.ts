import { EventSourcingError } from '../errors.ts';
import type { Commit, EventStore } from '../event-store/event-store.ts';

/** What happens to one append. */
export type AppendFault =
  /** A definite error: nothing is written. */
  | { readonly kind: 'refused'; readonly code: 'overloaded' | 'storage-full' | 'store-unavailable' }
  /** It answers `outcome-unknown`, and was written or not. */
  | { readonly kind: 'unknown'; readonly written: boolean }
  /** It comes to the store when the promise is resolved. */
  | { readonly kind: 'delayed'; readonly until: Promise<unknown> }
  /** It is written at once, and answered when the promise is resolved. */
  | { readonly kind: 'answered-late'; readonly until: Promise<unknown> };

export interface FaultyEventStore extends EventStore {
  /** The next appends meet these, one each and in this order; the later ones go well again. */
  failAppends(...faults: readonly AppendFault[]): void;
  /** The next looks-up of a claim, and reads of a stream, find the store unavailable: so many of them together. */
  failLookups(count: number): void;
  /** Every commit that was handed in, repeats included, in order. */
  readonly commits: readonly Commit[];
}

/** A store whose faults a test orders one by one, for what a caller must do about them. */
export function withFaults(store: EventStore): FaultyEventStore {
  const faults: AppendFault[] = [];
  const commits: Commit[] = [];
  let failing = 0;
  const lookUp = () => {
    if (failing === 0) return;
    failing--;
    throw new EventSourcingError('store-unavailable', 'The test wants it so: try again.');
  };

  return {
    sharedWriters: store.sharedWriters,
    limits: store.limits,
    lastRecordedAt: store.lastRecordedAt,
    get oneClock() {
      return store.oneClock;
    },
    commits,
    failAppends: (...wanted) => {
      faults.push(...wanted);
    },
    failLookups: (count) => {
      failing = count;
    },
    append: (commit) => {
      commits.push(commit);
      return appendWith(store, commit, faults.shift());
    },
    async claim(name) {
      lookUp();
      return store.claim(name);
    },
    async *readStream(stream, options) {
      lookUp();
      yield* store.readStream(stream, options);
    },
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    subscribe: (options) => store.subscribe(options),
    close: () => store.close(),
  };
}

async function appendWith(store: EventStore, commit: Commit, fault: AppendFault | undefined) {
  switch (fault?.kind) {
    case undefined:
      return store.append(commit);
    case 'refused':
      throw new EventSourcingError(fault.code, 'The test wants it so: nothing was written.');
    case 'unknown':
      if (fault.written) await store.append(commit);
      throw new EventSourcingError('outcome-unknown', 'The test wants it so: repeat the identical commit.');
    case 'delayed':
      await fault.until;
      return store.append(commit);
    case 'answered-late': {
      const answer = await store.append(commit);
      await fault.until;
      return answer;
    }
    default:
      return fault satisfies never;
  }
}
