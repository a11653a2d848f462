import { CommandError } from '../command-error.ts';
import {
  createJournal,
  type Journal,
  type JournalEntry,
  redo,
  type Touch,
  undo,
} from '../storage/journal.ts';
import { createHistory } from './history.ts';

/** Open transactions, and reads of one moment. What a transaction writes is seen by nobody else until it commits. */
export interface Transactions {
  /** Begins one, or goes on with it. Throws `NoSuchTransaction`. */
  enter(id: TransactionId, starts: boolean): Transaction;
  /** The moment of now, to be read at for a while. */
  moment(): number;
  /**
   * Runs a command alone: on what is committed, with what its own transaction wrote. In a transaction all is as it was
   * when that began, and else as it was at the moment that is given. Throws `WriteConflict`, `SnapshotTooOld`.
   */
  run<T>(view: View, action: (journal: Journal) => T): T;
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
  readonly expiresAt: number;
}

export interface View {
  readonly own?: Transaction | undefined;
  readonly at?: number | undefined;
}

const WRITE_CONFLICT = 112;
const TRANSIENT = { labels: ['TransientTransactionError'] };

export function isWriteConflict(error: unknown): boolean {
  return error instanceof CommandError && error.code === WRITE_CONFLICT;
}

/** `lifetime`: milliseconds after which an open transaction is aborted. */
export function createTransactions(lifetime: number): Transactions {
  const open = new Map<string, Transaction>();
  const committed = new Map<string, string>();
  const history = createHistory();
  let time = 0;

  function close({ session, number }: TransactionId): Transaction {
    const found = open.get(session);
    if (found?.number !== number) throw noSuchTransaction(number);
    open.delete(session);
    return found;
  }

  function abort(id: TransactionId): void {
    undo(close(id).journal.entries);
  }

  function abortExpired(): void {
    for (const [session, { number, expiresAt }] of open) {
      if (expiresAt < performance.now()) abort({ session, number });
    }
  }

  function keep(entries: readonly JournalEntry[]): void {
    const starts = [...open.values()].map(({ startedAt }) => startedAt);
    history.add(entries, time, starts.length === 0 ? undefined : Math.min(...starts));
  }

  return {
    enter({ session, number }, starts) {
      abortExpired();
      const known = open.get(session);
      if (known?.number === number) return known;
      if (!starts) throw noSuchTransaction(number);
      if (known !== undefined) abort({ session, number: known.number });
      const journal = createJournal(() => ++time);
      const begun = { number, journal, startedAt: time, expiresAt: performance.now() + lifetime };
      open.set(session, begun);
      return begun;
    },
    moment() {
      history.want();
      return time;
    },
    run({ own, at }, action) {
      abortExpired();
      const others = [...open.values()].filter((one) => one !== own && one.journal.touched.length > 0);
      const from = own?.startedAt ?? at;
      const later = from === undefined || from === time ? [] : history.since(from);
      const hidden = [...later, ...others.flatMap(({ journal }) => journal.entries)];
      const journal = createJournal(() => ++time);
      undo(hidden);
      try {
        return action(journal);
      } finally {
        settle(journal, hidden, touchesOthers(journal, others) || isStale(journal, own));
        if (own === undefined) keep(journal.entries);
        else own.journal.append(journal);
      }
    },
    commit(id) {
      if (committed.get(id.session) === id.number) return;
      // For whoever began before and has not seen it, all of it changes now.
      const { journal } = close(id);
      for (const { record } of journal.entries) record.changedAt = ++time;
      keep(journal.entries);
      committed.set(id.session, id.number);
    },
    abort,
    abortAll() {
      for (const [session, { number }] of open) abort({ session, number });
    },
  };
}

/** What was hidden from a command is made again. Where that cannot be, the command gives way. */
function settle(journal: Journal, hidden: readonly JournalEntry[], clashes: boolean): void {
  if (!clashes && redo(hidden)) return;
  undo(journal.entries);
  if (!redo(hidden)) throw new Error('unreachable: without the command nothing has changed');
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

function noSuchTransaction(number: string): CommandError {
  return new CommandError(
    251,
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions.`,
    TRANSIENT,
  );
}
