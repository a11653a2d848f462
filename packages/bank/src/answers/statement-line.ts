import type { Metadata, TransactionType } from '../domain/transaction.ts';

/** A transaction as the statement of one account shows it. Amounts are decimal strings with the currency's digits. */
export interface StatementLineAnswer {
  readonly transaction_id: string;
  readonly type: TransactionType;
  /** What it adds to the balance: below zero (`-25.00`) where money leaves the account. */
  readonly amount: string;
  readonly currency: string;
  /** Of the account, after it: the balance of the line before it and its amount. */
  readonly balance: string;
  /** The other account of a transfer; else null. */
  readonly counterparty_account_id: string | null;
  /** Null where none was given; `erased` once the account's owner is. */
  readonly description: string | null;
  /** The caller's own name for it. Null: none was given. */
  readonly reference: string | null;
  /** The caller's own. Null: none was given. */
  readonly metadata: Metadata | null;
  /** The day from which it counts, `YYYY-MM-DD`. */
  readonly value_date: string;
  /** The transaction that this one compensates; else null. */
  readonly reverses: string | null;
  /** RFC 3339, to the microsecond. */
  readonly booked_at: string;
}
