import { assertLetsMoneyOut, assertTakesMoneyIn } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { formatMinor } from './money.ts';
import { type Movement, minorToMove, moneyIn, moneyOut } from './movement.ts';
import { accountNotFound, Refusal } from './refusal.ts';
import { type BankAccountTransactionRecordedDomainEventV1, TRANSFERS } from './transaction.ts';

/** The account that pays, and the one that is paid. */
export interface TransferAccounts {
  readonly fromAccountId: string;
  readonly toAccountId: string;
}

export interface Transfer extends TransferAccounts, Movement {}

/** The paying account's event and the paid one's: they belong into one commit. */
export type TransferEvents = readonly [
  readonly [BankAccountTransactionRecordedDomainEventV1],
  readonly [BankAccountTransactionRecordedDomainEventV1],
];

/**
 * @throws Refusal `same-account`, `account-not-found`, `account-frozen`, `account-closed`, `currency-mismatch`,
 *   `insufficient-funds`, `balance-limit-exceeded`, or `malformed` where the amount is zero or the currency cannot
 *   carry it
 */
export function recordTransfer(
  payer: BankAccountState,
  payee: BankAccountState,
  transfer: Transfer,
): TransferEvents {
  assertTwoAccounts(transfer);
  if (!payer.exists) throw accountNotFound('from_account_id');
  if (!payee.exists) throw accountNotFound('to_account_id');
  assertLetsMoneyOut(payer.status, 'from_account_id');
  assertTakesMoneyIn(payee.status, 'to_account_id');
  if (payer.currency !== payee.currency) throw currencyMismatch();
  const { fromAccountId: from, toAccountId: to, transactionId: id, description } = transfer;
  const minor = minorToMove(transfer.amount, payer.currency);
  const amount = formatMinor(minor, payer.currency);
  const transaction = { id, type: 'TRANSFER', amount, from_account_id: from, to_account_id: to } as const;
  const entry = { against: TRANSFERS, minor, transaction, description } as const;
  return [[moneyOut(payer, { ...entry, accountId: from })], [moneyIn(payee, { ...entry, accountId: to })]];
}

/** @throws Refusal `same-account` */
export function assertTwoAccounts({ fromAccountId, toAccountId }: TransferAccounts): void {
  if (fromAccountId !== toAccountId) return;
  const message = 'An account transfers nothing to itself: name another account to receive the money.';
  throw new Refusal('rule', 'same-account', message, [
    { field: 'to_account_id', message: 'must not be the account that pays' },
  ]);
}

function currencyMismatch(): Refusal {
  const message = 'Nothing is exchanged here: name an account in the currency of the one that pays.';
  return new Refusal('rule', 'currency-mismatch', message, [
    { field: 'to_account_id', message: 'must be an account in the currency of the one that pays' },
  ]);
}
