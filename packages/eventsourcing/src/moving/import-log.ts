import { hash } from 'node:crypto';
import { type ErrorCode, EventSourcingError } from '../errors.ts';
import { validateCommit } from '../event-store/commit-validation.ts';
import type { Commit, EventStore } from '../event-store/event-store.ts';
import type { KeyEntry, KeyStore } from '../personal-data/key-store.ts';
import { createFingerprints } from '../verification/fingerprints.ts';
import type { VerifiableLog } from '../verification/verifiable-log.ts';
import { openHeldLog } from './held-log.ts';
import { isSameCommit, toCommit } from './moved-append.ts';
import {
  countedWith,
  type MovedCommit,
  type MovedCounts,
  type MovedItem,
  NOTHING_MOVED,
} from './moved-item.ts';
import { createOrderedAppends, type GroupAppend, oneByOne } from './ordered-appends.ts';
import { patiently } from './patience.ts';
import { createStreamHeads } from './stream-heads.ts';

/** Where to; nobody else writes there meanwhile. */
export interface ImportTarget {
  /** It takes booking times as they come, as long as they rise along each stream. */
  readonly store: EventStore;
  /** The log of the same store. */
  readonly log: VerifiableLog;
  readonly keys: KeyStore;
  /** Default: one commit at a time. */
  readonly together?: GroupAppend;
}

export interface ImportOptions {
  /** Told after each page. */
  onProgress?(moved: MovedCounts): void;
  /** How errors name an item, counted from 1. Default: a line of an export, whose first one is no item. */
  placeOf?(item: number): string;
  /** Milliseconds for which a target that is away is tried again. Default 30,000. */
  readonly patience?: number;
}

export interface Imported extends MovedCounts {
  /** Events that were there already, from an earlier import of the same log. */
  readonly found: number;
}

/**
 * Takes a log and its keys in: each commit as it was, in the same order, its chain checked on the way. Where the target
 * holds the beginning of the same log already, it goes on after that: so what was interrupted at any moment, also while
 * the outcome of an append was not known, is repeated as a whole. Memory is bounded by the streams.
 *
 * @throws EventSourcingError `export-damaged` - an item does not fit those before it, or the end is missing: nothing
 *   from it on is imported; `import-refused` - the target holds another log, or cannot take the item; `keys-differ` - it
 *   holds other keys; and what the stores throw
 */
export async function importLog(
  items: AsyncIterable<readonly MovedItem[]>,
  target: ImportTarget,
  options: ImportOptions = {},
): Promise<Imported> {
  const { placeOf = (item: number) => `line ${item + 1}`, onProgress, patience = 30_000 } = options;
  const commits = await createCommitImport({ target, placeOf, patience });
  let counts = NOTHING_MOVED;
  let seen = 0;
  let end: MovedCounts | undefined;

  async function takePage(page: readonly MovedItem[]): Promise<void> {
    const entries: KeyEntry[] = [];
    for (const item of page) {
      seen++;
      if (end !== undefined) throw damaged(`at ${placeOf(seen)}, something stands after the end`);
      if (item.kind === 'commit') {
        const waiting = commits.take(item.commit, seen);
        if (waiting !== undefined) await waiting;
      } else if (item.kind === 'key') entries.push(item.entry);
      else end = item.counts;
      counts = countedWith(counts, item);
    }
    if (entries.length === 0) return;
    await commits.conclude();
    await patiently(patience, () => target.keys.addEntries(entries));
  }

  try {
    for await (const page of items) {
      await takePage(page);
      onProgress?.(counts);
    }
  } catch (error) {
    // What came before is taken in; that it could not be says no more than the first error.
    await commits.settled().catch(() => {});
    throw error;
  }
  await commits.conclude();
  assertWhole(counts, end);
  return { ...counts, found: commits.found() };
}

interface CommitImport {
  take(commit: MovedCommit, item: number): Promise<void> | undefined;
  /** What was taken is durable. */
  settled(): Promise<void>;
  /** No more commits come: what was taken is durable, and the target holds nothing else. */
  conclude(): Promise<void>;
  found(): number;
}

interface CommitImportOptions {
  readonly target: ImportTarget;
  readonly patience: number;
  placeOf(item: number): string;
}

async function createCommitImport({ target, patience, placeOf }: CommitImportOptions): Promise<CommitImport> {
  const { store, log, keys, together = oneByOne(store) } = target;
  const held = await openHeldLog(log);
  const heads = createStreamHeads();
  const isNameSeen = createNamesSeen();
  const toldOf = (error: unknown, item: number) => told(error, placeOf(item));
  const appends = createOrderedAppends({ together, patience, toldOf });
  let isHeld = true;
  let found = 0;

  function checked(commit: MovedCommit, item: number): Commit {
    const append = toCommit(commit);
    const fault =
      append === undefined ? 'other streams lie between the events of one' : heads.faultOf(commit);
    if (append === undefined || fault !== undefined) throw damaged(`at ${placeOf(item)}, ${fault}`);
    try {
      validateCommit(append, store.limits);
    } catch (error) {
      throw toldOf(error, item);
    }
    return append;
  }

  /** Only the store can tell whether a name is taken, and only once it has all that came before. */
  async function appendAlone(append: Commit, item: number): Promise<void> {
    await appends.settled();
    await appends.add(append, item);
    await appends.settled();
  }

  async function compare(commit: MovedCommit, append: Commit, item: number): Promise<void> {
    const there = await held.next();
    if (there !== undefined) {
      if (!isSameCommit(commit, there)) throw refused('The target holds another log');
      found += commit.events.length;
      return;
    }
    isHeld = false;
    if (found === 0 && !(await keys.isEmpty()))
      throw refused('The target has keys of its own, and no events');
    await appendAlone(append, item);
  }

  return {
    take(commit, item) {
      const append = checked(commit, item);
      const isAgain = isNameSeen(commit);
      if (isHeld) return compare(commit, append, item);
      return isAgain ? appendAlone(append, item) : appends.add(append, item);
    },
    settled: appends.settled,
    async conclude() {
      await appends.settled();
      if (isHeld && (await held.next()) !== undefined) {
        throw refused('The target holds more than is to be imported');
      }
      isHeld = false;
    },
    found: () => found,
  };
}

/** Whether a commit takes a claim that an earlier one has taken, or, once in a very long while, one that looks so. */
function createNamesSeen(): (commit: MovedCommit) => boolean {
  const names = createFingerprints(0);
  return ({ claims }) => {
    const digests = claims.map(({ name }) => hash('sha256', name, 'buffer'));
    const added = digests.filter((digest) => names.add(digest.readUInt32LE(0), digest.readUInt32LE(4)));
    return added.length < digests.length;
  };
}

function assertWhole(counts: MovedCounts, end: MovedCounts | undefined): void {
  if (end === undefined) {
    throw damaged(
      'its end is missing: it was cut off. What is there has been imported; get all of it, and repeat',
    );
  }
  for (const name of ['events', 'commits', 'claims', 'keys'] as const) {
    if (counts[name] !== end[name]) throw damaged(`it holds ${counts[name]} ${name}, and says ${end[name]}`);
  }
}

const OF_THE_ITEM: readonly ErrorCode[] = [
  'commit-refused',
  'time-refused',
  'claim-taken',
  'revision-conflict',
];

/** What the store says of an item, with the place where the item stands. */
function told(error: unknown, place: string): unknown {
  if (!(error instanceof EventSourcingError)) return error;
  const code = OF_THE_ITEM.includes(error.code) ? 'import-refused' : error.code;
  return new EventSourcingError(code, `At ${place}: ${error.message}`, { cause: error });
}

function damaged(what: string): EventSourcingError {
  return new EventSourcingError('export-damaged', `What is to be imported is damaged: ${what}.`);
}

function refused(what: string): EventSourcingError {
  return new EventSourcingError(
    'import-refused',
    `${what}: nothing of it was changed. Name an empty target.`,
  );
}
