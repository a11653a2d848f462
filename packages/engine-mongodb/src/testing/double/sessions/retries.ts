import { CommandError } from '../command-error.ts';
import type { Document } from '../values/document.ts';

/** Answers of retryable writes: a write that comes again is not made again. Source: manual, "Retryable Writes". */
export interface Retries {
  /** The answer that was given to this write, if it has been made. Throws `TransactionTooOld` for an older one. */
  known(session: string, number: bigint): Document | undefined;
  keep(session: string, number: bigint, answer: Document): void;
}

export function createRetries(): Retries {
  const last = new Map<string, { readonly number: bigint; readonly answer: Document }>();
  return {
    known(session, number) {
      const kept = last.get(session);
      if (kept === undefined || kept.number < number) return undefined;
      if (kept.number === number) return kept.answer;
      throw new CommandError(
        225,
        'TransactionTooOld',
        `Cannot start transaction with number ${number} because a newer one with number ${kept.number} has started.`,
      );
    },
    keep: (session, number, answer) => void last.set(session, { number, answer }),
  };
}
