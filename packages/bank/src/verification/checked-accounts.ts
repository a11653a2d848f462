import { type CheckedEvent, type Findings, placeOf } from '@openbank/eventsourcing';
import type { BankAccountCreatedDomainEventV1 } from '../domain/account-events.ts';
import { formatMinor, MAX_MINOR_UNITS, parseMinor } from '../domain/money.ts';
import type { BankAccountTransactionRecordedDomainEventV1, TransactionFacts } from '../domain/transaction.ts';
import {
  type Account,
  checkLife,
  checkLimit,
  checkMovable,
  type LifeEvent,
  type Report,
} from './account-life.ts';
import type { Books } from './books.ts';
import { checkKind } from './transaction-kinds.ts';

/** Follows every account through its events. Some 300 bytes each. */
export interface CheckedAccounts {
  open(id: string, event: BankAccountCreatedDomainEventV1, place: CheckedEvent, findings: Findings): void;
  book(
    id: string,
    event: BankAccountTransactionRecordedDomainEventV1,
    place: CheckedEvent,
    findings: Findings,
  ): void;
  change(id: string, event: LifeEvent, place: CheckedEvent, findings: Findings): void;
  count(): number;
}

export function createCheckedAccounts(books: Books): CheckedAccounts {
  const accounts = new Map<string, Account>();

  /** An account that was opened before; undefined, and named, where it was not. */
  function known(id: string, report: Report, what: string): Account | undefined {
    const account = accounts.get(id);
    if (account === undefined) report('account-unknown', `${what} an account that was not opened`);
    return account;
  }

  return {
    open(id, { data }, place, findings) {
      const report = reportTo(findings, place);
      const { currency, owner_id: ownerId } = data;
      const limit = parseMinor(data.overdraft_limit, currency);
      const balance = parseMinor(data.balance, currency);
      if (accounts.has(id)) report('account-opened-twice', 'it was opened before');
      if (balance !== 0n) report('balance-wrong', 'a new account does not begin with zero');
      checkLimit(limit, report);
      accounts.set(id, { currency, ownerId, limit, balance, status: 'OPEN' });
    },
    book(id, event, place, findings) {
      const report = reportTo(findings, place);
      const account = known(id, report, 'a transaction is booked on');
      if (account === undefined) return;
      const { currency } = event.data;
      if (currency !== account.currency)
        report('currency-wrong', `it is in ${currency}, its account in ${account.currency}`);
      if (event.personal !== undefined && event.personal.subject !== account.ownerId) {
        report('subject-wrong', 'its personal part is not sealed for the owner of its account');
      }
      const before = account.balance;
      const posted = checkEntry(id, event, books, report);
      checkMovable(account, posted, report);
      account.balance = parseMinor(event.data.balance, currency);
      checkBalance(account, before + posted, report);
      books.balanceChanged(currency, account.balance - before);
      books.checkBalanced(currency, place, findings);
    },
    change(id, event, place, findings) {
      const report = reportTo(findings, place);
      const account = known(id, report, 'it changes');
      if (account !== undefined) checkLife(account, event, report);
    },
    count: () => accounts.size,
  };
}

function reportTo(findings: Findings, place: CheckedEvent): Report {
  return (kind, what) => findings.add(kind, placeOf(place), what);
}

/** Looks at the two postings, and books the system account's. Answers what the account's own one adds. */
function checkEntry(
  id: string,
  { data }: BankAccountTransactionRecordedDomainEventV1,
  books: Books,
  report: Report,
): bigint {
  const { currency, transaction, postings } = data;
  const amount = parseMinor(transaction.amount, currency);
  let sum = 0n;
  let own = 0n;
  let ownPostings = 0;
  let against = '';
  for (const { account, amount: text } of postings) {
    const minor = parseMinor(text, currency);
    sum += minor;
    if (account !== id) {
      books.post(currency, account, minor);
      against = account;
    } else {
      own += minor;
      ownPostings++;
    }
  }
  if (postings.length !== 2 || ownPostings !== 1) {
    report(
      'entry-wrong',
      'its entry is not of two postings, one on its own account and one on a system account',
    );
  } else checkKind(transaction, against, report);
  if (sum !== 0n)
    report('entry-unbalanced', `its postings sum to ${formatMinor(sum, currency)}, not to zero`);
  if (amount <= 0n || own !== signOf(id, transaction) * amount) {
    report(
      'amount-wrong',
      `it moves ${transaction.amount}, and posts ${formatMinor(own, currency)} to its account`,
    );
  }
  return own;
}

/** What an amount does to the account: it comes in, goes out, or, where the account is on neither side, nothing. */
function signOf(id: string, { from_account_id: from, to_account_id: to }: TransactionFacts): bigint {
  if (from === id && to !== id) return -1n;
  return to === id && from !== id ? 1n : 0n;
}

function checkBalance({ balance, limit, currency }: Account, expected: bigint, report: Report): void {
  if (balance !== expected) {
    const texts = [balance, expected].map((minor) => formatMinor(minor, currency));
    report('balance-wrong', `the balance after it is ${texts[0]}, by its entry it is ${texts[1]}`);
  }
  if (balance < -limit) {
    report('limit-exceeded', `the balance is ${formatMinor(balance, currency)}, below the overdraft limit`);
  }
  if (balance > MAX_MINOR_UNITS || balance < -MAX_MINOR_UNITS) {
    report(
      'limit-exceeded',
      `no balance may go beyond ${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`,
    );
  }
}
