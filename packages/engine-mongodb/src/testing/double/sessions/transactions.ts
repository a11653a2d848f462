import { CommandError } from '../command-error.ts';
import { createJournal, type Journal, type Touch } from '../storage/journal.ts';

/** Open transactions. What they write is seen by nobody else until they commit. */
export interface Transactions {
  /** Begins one, or goes on with it. Throws `NoSuchTransaction`. */
  enter(id: TransactionId, starts: boolean): Transaction;
  /** Runs a command with what is committed and with what its own transaction wrote. Throws `WriteConflict`. */
  run<T>(own: Transaction | undefined, action: (journal: Journal) => T): T;
  commit(id: TransactionId): void;
  abort(id: TransactionId): void;
  abortAll(): void;
}

export interface TransactionId {
  readonly session: string;
  readonly number: string;
}

export interface Transaction {
  readonly number: string;
  readonly journal: Journal;
  /** The time of its first command. */
  readonly startedAt: number;
}

const WRITE_CONFLICT = 112;
const TRANSIENT = { labels: ['TransientTransactionError'] };

export function isWriteConflict(error: unknown): boolean {
  return error instanceof CommandError && error.code === WRITE_CONFLICT;
}

export function createTransactions(): Transactions {
  const open = new Map<string, Transaction>();
  const committed = new Map<string, string>();
  let time = 0;

  function close({ session, number }: TransactionId): Transaction {
    const found = open.get(session);
    if (found?.number !== number) throw noSuchTransaction(number);
    open.delete(session);
    return found;
  }

  return {
    enter({ session, number }, starts) {
      const known = open.get(session);
      if (known?.number === number) return known;
      if (!starts) throw noSuchTransaction(number);
      known?.journal.undo();
      const begun = { number, journal: createJournal(() => ++time), startedAt: time };
      open.set(session, begun);
      return begun;
    },
    run(own, action) {
      const others = [...open.values()].filter((one) => one !== own && one.journal.touched.length > 0);
      const journal = createJournal(() => ++time);
      for (const other of others.toReversed()) other.journal.undo();
      try {
        return action(journal);
      } finally {
        settle(journal, own, others);
      }
    },
    commit(id) {
      if (committed.get(id.session) === id.number) return;
      // For whoever began before and has not seen it, all of it changes now.
      const { journal } = close(id);
      for (const { record } of journal.entries) record.changedAt = ++time;
      committed.set(id.session, id.number);
    },
    abort: (id) => close(id).journal.undo(),
    abortAll() {
      for (const [session, { number }] of open) close({ session, number }).journal.undo();
    },
  };
}

/** Others' changes, taken back for a command, are made again. Where that cannot be, the command gives way. */
function settle(journal: Journal, own: Transaction | undefined, others: readonly Transaction[]): void {
  const free = !touchesOthers(journal, others) && !isStale(journal, own);
  if (free && resume(others)) {
    own?.journal.append(journal);
    return;
  }
  journal.undo();
  if (!resume(others)) throw new Error('unreachable: without the command nothing has changed');
  throw new CommandError(
    WRITE_CONFLICT,
    'WriteConflict',
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    TRANSIENT,
  );
}

function touchesOthers(journal: Journal, others: readonly Transaction[]): boolean {
  if (others.length === 0) return false;
  const held = new Set(others.flatMap((other) => other.journal.touched.map(({ record }) => record)));
  return journal.touched.some(({ record }) => held.has(record));
}

/** Whether a transaction changes what somebody else has changed since it began. */
function isStale(journal: Journal, own: Transaction | undefined): boolean {
  if (own === undefined) return false;
  const before = new Set(own.journal.touched.map(({ record }) => record));
  const stale = ({ record, changedBefore }: Touch) => {
    if (before.has(record)) return false;
    before.add(record);
    return changedBefore > own.startedAt;
  };
  return journal.touched.some(stale);
}

function resume(others: readonly Transaction[]): boolean {
  for (const [at, other] of others.entries()) {
    if (other.journal.redo()) continue;
    for (const resumed of others.slice(0, at).toReversed()) resumed.journal.undo();
    return false;
  }
  return true;
}

function noSuchTransaction(number: string): CommandError {
  return new CommandError(
    251,
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions.`,
    TRANSIENT,
  );
}
