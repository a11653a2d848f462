import { assertLetsMoneyOut, assertTakesMoneyIn } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { formatMinor } from './money.ts';
import { type Movement, minorToMove, moneyIn, moneyOut, remarked } from './movement.ts';
import { accountNotFound } from './refusal.ts';
import type { BankAccountTransactionRecordedDomainEventV1, TransactionFacts } from './transaction.ts';

/** A movement between one account and the bank itself, or the world outside. */
export interface SingleAccountMovement extends Movement {
  readonly accountId: string;
}

/** What kind of movement it is, and where it stands against. */
interface Kind extends Pick<TransactionFacts, 'type' | 'period'> {
  /** The name of a system account. */
  readonly against: string;
}

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `balance-limit-exceeded`, or `malformed`
 *   where the amount is zero or the currency cannot carry it
 */
export function recordMoneyIn(
  account: BankAccountState,
  movement: SingleAccountMovement,
  { against, ...kind }: Kind,
): readonly [BankAccountTransactionRecordedDomainEventV1] {
  if (!account.exists) throw accountNotFound('account_id');
  assertTakesMoneyIn(account.status, 'account_id');
  const { accountId, description } = movement;
  const minor = minorToMove(movement.amount, account.currency);
  const transaction = factsOf(movement, kind, formatMinor(minor, account.currency), [null, accountId]);
  return [moneyIn(account, { accountId, against, minor, transaction, description })];
}

/**
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`, `insufficient-funds`, or `malformed` where
 *   the amount is zero or the currency cannot carry it
 */
export function recordMoneyOut(
  account: BankAccountState,
  movement: SingleAccountMovement,
  { against, ...kind }: Kind,
): readonly [BankAccountTransactionRecordedDomainEventV1] {
  if (!account.exists) throw accountNotFound('account_id');
  assertLetsMoneyOut(account.status, 'account_id');
  const { accountId, description } = movement;
  const minor = minorToMove(movement.amount, account.currency);
  const transaction = factsOf(movement, kind, formatMinor(minor, account.currency), [accountId, null]);
  return [moneyOut(account, { accountId, against, minor, transaction, description })];
}

function factsOf(
  movement: SingleAccountMovement,
  { type, ...more }: Omit<Kind, 'against'>,
  amount: string,
  [from_account_id, to_account_id]: readonly [string | null, string | null],
): TransactionFacts {
  const { transactionId: id } = movement;
  return { id, type, amount, from_account_id, to_account_id, ...remarked(movement), ...more };
}
