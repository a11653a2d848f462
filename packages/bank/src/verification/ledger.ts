import type { CheckedEvent, DomainCheck, Findings } from '@openbank/eventsourcing';
import { placeOf } from '@openbank/eventsourcing';
import { isBankAccountCreated } from '../domain/account-events.ts';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { isTransactionRecorded } from '../domain/transaction.ts';
import { isLifeEvent } from './account-life.ts';
import { type CurrencyTotals, createBooks } from './books.ts';
import { createCheckedAccounts } from './checked-accounts.ts';
import { createOnceOnly } from './once-only.ts';
import { createOwnership } from './ownership.ts';
import { createTransfers } from './transfers.ts';

/** What the log says that is owed and owned. */
export interface LedgerCheck extends DomainCheck {
  accounts(): number;
  /** The books after the last event. */
  totals(): readonly CurrencyTotals[];
}

/**
 * The rules of the ledger, looked at from the events alone: entries balance, balances follow from entries and stay within
 * limits, transfers, openings and closings are whole, nothing is done with an account that its status forbids, what is
 * done once was, and the books of every currency sum to zero at every event.
 */
export function createLedgerCheck(): LedgerCheck {
  const books = createBooks();
  const accounts = createCheckedAccounts(books);
  const transfers = createTransfers();
  const ownership = createOwnership();
  const onceOnly = createOnceOnly();

  function see(checked: CheckedEvent, findings: Findings): void {
    ownership.see(checked, findings);
    const { event, stream } = checked;
    if (!stream.startsWith(bankAccountAggregate.streamPrefix)) return;
    const accountId = stream.slice(bankAccountAggregate.streamPrefix.length);
    if (isBankAccountCreated(event)) accounts.open(accountId, event, checked, findings);
    if (isLifeEvent(event)) accounts.change(accountId, event, checked, findings);
    if (!isTransactionRecorded(event)) return;
    accounts.book(accountId, event, checked, findings);
    transfers.see(accountId, event, checked);
    onceOnly.see(event, checked, findings);
  }

  return {
    see(checked, findings) {
      try {
        see(checked, findings);
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
        findings.add(
          'event-unreadable',
          placeOf(checked),
          'it does not hold what an event of its type holds',
        );
      }
    },
    endOfCommit(findings) {
      transfers.endOfCommit(findings);
      ownership.endOfCommit(findings);
      books.endOfCommit(findings);
    },
    accounts: () => accounts.count(),
    totals: () => books.totals(),
  };
}
