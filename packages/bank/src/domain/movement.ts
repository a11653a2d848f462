import type { ExistingAccount } from './bank-account.ts';
import { type Decimal, formatMinor, MAX_MINOR_UNITS, toMinor } from './money.ts';
import { malformed, Refusal } from './refusal.ts';
import type {
  BankAccountTransactionRecordedDomainEventV1,
  Metadata,
  Posting,
  TransactionFacts,
} from './transaction.ts';

/** What a caller says of a transaction. Null or absent: nothing. */
export interface Remarks {
  /** Free text, personal to the owner of each account that it is booked on. */
  readonly description: string | null;
  /** The caller's own name for it: nothing personal. */
  readonly reference?: string | null | undefined;
  /** The caller's own, by name: nothing personal. */
  readonly metadata?: Metadata | null | undefined;
  /** The day from which it counts, `YYYY-MM-DD`. */
  readonly valueDate?: string | null | undefined;
}

/** What every command that moves money says. */
export interface Movement extends Remarks {
  readonly transactionId: string;
  readonly amount: Decimal;
}

/** What is kept of the remarks in the clear: what was not given leaves no trace. */
export function remarked({
  reference,
  metadata,
  valueDate,
}: Remarks): Pick<TransactionFacts, 'reference' | 'metadata' | 'value_date'> {
  return {
    ...(reference && { reference }),
    ...(metadata && { metadata }),
    ...(valueDate && { value_date: valueDate }),
  };
}

/** One account's side of a transaction, before it is booked. */
export interface Entry {
  readonly accountId: string;
  /** The name of a system account. */
  readonly against: string;
  /** What is moved, in minor units: more than zero. */
  readonly minor: bigint;
  readonly transaction: TransactionFacts;
  readonly description: string | null;
  /** What says in the request how much is moved. Absent: `amount`. */
  readonly field?: string;
}

/**
 * An amount that is to be moved, in minor units.
 *
 * @throws Refusal `malformed` - it is zero, or the currency cannot carry it
 */
export function minorToMove(amount: Decimal, currency: string, field = 'amount'): bigint {
  const minor = toMinor(amount, currency, field);
  if (minor === 0n) throw malformed({ field, message: 'must be greater than zero' });
  return minor;
}

/** @throws Refusal `balance-limit-exceeded` */
export function moneyIn(account: ExistingAccount, entry: Entry): BankAccountTransactionRecordedDomainEventV1 {
  const balance = account.balance + entry.minor;
  if (balance > MAX_MINOR_UNITS) throw balanceLimitExceeded(account.currency, entry);
  const { amount } = entry.transaction;
  return transactionRecorded(account, balance, entry, [
    { account: entry.accountId, amount },
    { account: entry.against, amount: `-${amount}` },
  ]);
}

/**
 * What is available is the balance and the overdraft limit; as that is at most 10^15 minor units, so is what an account
 * can owe.
 *
 * @throws Refusal `insufficient-funds`
 */
export function moneyOut(
  account: ExistingAccount,
  entry: Entry,
): BankAccountTransactionRecordedDomainEventV1 {
  const balance = account.balance - entry.minor;
  if (balance < -account.overdraftLimit) throw insufficientFunds(entry);
  const { amount } = entry.transaction;
  return transactionRecorded(account, balance, entry, [
    { account: entry.accountId, amount: `-${amount}` },
    { account: entry.against, amount },
  ]);
}

function transactionRecorded(
  { currency, ownerId }: ExistingAccount,
  balance: bigint,
  { transaction, description }: Entry,
  postings: readonly [Posting, Posting],
): BankAccountTransactionRecordedDomainEventV1 {
  const type = 'BankAccountTransactionRecordedDomainEventV1';
  const data = { transaction, currency, balance: formatMinor(balance, currency), postings };
  if (description === null) return { type, data };
  return { type, data, personal: { subject: ownerId, plain: { description } } };
}

function insufficientFunds({ field = 'amount' }: Entry): Refusal {
  const message = 'The account has not enough: move no more than its available balance, or pay in first.';
  return new Refusal('rule', 'insufficient-funds', message, [
    { field, message: 'must not be more than the available balance' },
  ]);
}

function balanceLimitExceeded(currency: string, { field = 'amount' }: Entry): Refusal {
  const limit = `${formatMinor(MAX_MINOR_UNITS, currency)} ${currency}`;
  const message = `No balance may go above ${limit}: move less.`;
  return new Refusal('rule', 'balance-limit-exceeded', message, [
    { field, message: `must not take the balance above ${limit}` },
  ]);
}
