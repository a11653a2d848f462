import type { Variables } from '../query/variables.ts';
import type { Retries } from '../sessions/retries.ts';
import type { Transactions } from '../sessions/transactions.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import type { Document } from '../values/document.ts';
import type { Cursors } from './cursors.ts';

/** What a server holds, whatever connection asks. */
export interface ServerState {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly transactions: Transactions;
  readonly retries: Retries;
  readonly counts: Counts;
  /** As `buildInfo` tells it. */
  readonly version: ServerVersion;
  /** Whether it says that it is a member of a replica set. */
  readonly inSet: boolean;
}

/** What a test may ask afterwards. */
export interface Counts {
  /** Documents that searches had to look at. */
  scanned: number;
}

export interface ServerVersion {
  readonly text: string;
  readonly wire: number;
}

/** One command, as its handler sees it. */
export interface CommandContext extends ServerState {
  /** Its fields; sequences of documents are arrays. */
  readonly command: Document;
  readonly database: string;
  readonly journal: Journal;
  readonly now: Date;
  readonly variables: Variables;
  /** Host and port, as members of the set are named. */
  readonly address: string;
}

/** Answers a command. Throws a `CommandError` where it is refused. */
export type Handler = (context: CommandContext) => Document;
