import { assertLetsMoneyOut, assertTakesMoneyIn } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { parseMinor } from './money.ts';
import { type Entry, moneyIn, moneyOut, type Remarks, remarked } from './movement.ts';
import { accountNotFound, Refusal } from './refusal.ts';
import type { BankAccountTransactionRecordedDomainEventV1, TransactionFacts } from './transaction.ts';

/** A transaction as its own entry tells it. */
export interface RecordedTransaction {
  readonly transaction: TransactionFacts;
  readonly currency: string;
  /** The system account that it stands against. */
  readonly against: string;
}

export interface Reversal extends Remarks {
  readonly transactionId: string;
  readonly reversed: RecordedTransaction;
}

/**
 * The accounts that a reversal is booked on: first the one that gives back what it has received.
 *
 * @throws Refusal `not-reversible`
 */
export function accountsOfReversal({ transaction }: RecordedTransaction): readonly string[] {
  if (transaction.type === 'REVERSAL') throw notReversible();
  const { from_account_id: from, to_account_id: to } = transaction;
  return [to, from].filter((id) => id !== null);
}

/**
 * A new entry on each account of the transaction, which takes back what that one has done there.
 *
 * @param accounts - by their ids, in the order of `accountsOfReversal`
 * @throws Refusal `not-reversible`, `account-frozen`, `account-closed`, `insufficient-funds`, `balance-limit-exceeded`
 */
export function recordReversal(
  accounts: readonly (readonly [id: string, account: BankAccountState])[],
  reversal: Reversal,
): readonly (readonly [BankAccountTransactionRecordedDomainEventV1])[] {
  const { reversed, description } = reversal;
  const transaction = compensation(reversal);
  const minor = parseMinor(transaction.amount, reversed.currency);
  return accounts.map(([accountId, account]) => {
    if (!account.exists) throw accountNotFound();
    const { against } = reversed;
    const entry: Entry = { accountId, against, minor, transaction, description, field: 'id' };
    if (accountId === transaction.from_account_id) {
      assertLetsMoneyOut(account.status, 'id');
      return [moneyOut(account, entry)];
    }
    assertTakesMoneyIn(account.status, 'id');
    return [moneyIn(account, entry)];
  });
}

function compensation({ transactionId: id, reversed, ...remarks }: Reversal): TransactionFacts {
  const { id: reverses, amount, from_account_id: from, to_account_id: to } = reversed.transaction;
  const accounts = { from_account_id: to, to_account_id: from };
  return { id, type: 'REVERSAL', amount, ...accounts, ...remarked(remarks), reverses };
}

/** The name that only one reversal of a transaction ever takes. */
export function reversalClaim(transactionId: string): string {
  return `reversal/${transactionId}`;
}

export function alreadyReversed(): Refusal {
  return new Refusal('rule', 'already-reversed', 'The transaction was reversed: that is done once.', [
    { field: 'id', message: 'must be of a transaction that was not reversed' },
  ]);
}

function notReversible(): Refusal {
  const message = 'A reversal is not reversed: book the transaction anew instead.';
  return new Refusal('rule', 'not-reversible', message, [
    { field: 'id', message: 'must not be of a reversal' },
  ]);
}
