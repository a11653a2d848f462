import {
  type Claim,
  type ErrorCode,
  EventSourcingError,
  type ExpectedRevision,
} from '@openbank/eventsourcing';
import { toStoreError } from '../sqlite/sqlite-error.ts';
import type { WireCommits } from './writing/wire.ts';

// What the threads of the embedded engine say to each other.

export interface WriterWorkerData {
  readonly directory: string;
  readonly head: SharedArrayBuffer;
  /** Of `createClaimFilterBuffer`. */
  readonly claims: SharedArrayBuffer;
  readonly derivedPositions: readonly DerivedPosition[];
  /** Commits come from another log: see `SqliteEventStoreOptions`. */
  readonly imports: boolean;
}

export interface IndexWorkerData {
  readonly directory: string;
  readonly head: SharedArrayBuffer;
  readonly claims: SharedArrayBuffer;
}

/** How far something that is made from the log has come. */
export interface DerivedPosition {
  /** What it is, for people: `read-models.db`. */
  readonly name: string;
  readonly position: string;
}

/** Events that are in the index, of those in the log. */
export interface IndexProgress {
  readonly indexed: number;
  readonly total: number;
}

export type ToWriter =
  /** The index is open: from now on groups may come. */
  { readonly kind: 'serve' } | GroupMessage | { readonly kind: 'close' };

/** A part of a group, written at once and made durable with the last. */
export interface GroupMessage extends WireCommits {
  readonly kind: 'group';
  readonly last: boolean;
}

export type FromWriter =
  | { readonly kind: 'opened'; readonly lastRecordedAt: number }
  | { readonly kind: 'serving' }
  | GroupOutcome
  /** The writer has stopped, and no group was under way. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'closed' };

export type GroupOutcome =
  /** One answer for each commit of all parts, in their order. The group is durable. */
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  /** Nothing of the group is in the log. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Nobody knows what of the group is in the log. The writer has stopped. */
  | { readonly kind: 'unknown'; readonly failure: Failure };

export type FromIndex =
  | ({ readonly kind: 'progress' } & IndexProgress)
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type Answer =
  /** The position of its last event. */
  number | { readonly kind: 'repeat'; readonly position: string } | Refused;

/** Why one commit was not written; its neighbours may have been. */
export type Refused =
  | {
      readonly kind: 'conflict';
      readonly stream: string;
      readonly expected: ExpectedRevision;
      readonly actual: ExpectedRevision;
    }
  | { readonly kind: 'taken'; readonly claim: Claim }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An error on its way to another thread. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

export function toFailure(error: unknown, file: string): Failure {
  const told = toStoreError(error, file);
  if (told instanceof EventSourcingError) return { code: told.code, message: told.message };
  const reason = told instanceof Error ? (told.stack ?? told.message) : String(told);
  return { code: 'store-unavailable', message: `The embedded log has failed: ${reason}` };
}

export function toError({ code, message }: Failure): EventSourcingError {
  return new EventSourcingError(code, message);
}
