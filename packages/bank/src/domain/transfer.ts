import { assertLetsMoneyOut, assertTakesMoneyIn } from './account-status.ts';
import type { BankAccountState, ExistingAccount } from './bank-account.ts';
import { type Decimal, formatMinor } from './money.ts';
import { type Movement, minorToMove, moneyIn, moneyOut, remarked } from './movement.ts';
import { accountNotFound, Refusal } from './refusal.ts';
import { FEE_INCOME, TRANSFERS } from './system-accounts.ts';
import type { BankAccountTransactionRecordedDomainEventV1 } from './transaction.ts';

/** The account that pays, and the one that is paid. */
export interface TransferAccounts {
  readonly fromAccountId: string;
  readonly toAccountId: string;
}

export interface Transfer extends TransferAccounts, Movement {
  /** What the payer pays to the bank besides: a transaction of its own, in the same commit. */
  readonly fee?: { readonly transactionId: string; readonly amount: Decimal } | undefined;
}

/** The paying account's events and the paid one's: they belong into one commit. */
export type TransferEvents = readonly [
  readonly BankAccountTransactionRecordedDomainEventV1[],
  readonly [BankAccountTransactionRecordedDomainEventV1],
];

/**
 * @throws Refusal `same-account`, `account-not-found`, `account-frozen`, `account-closed`, `currency-mismatch`,
 *   `insufficient-funds`, `balance-limit-exceeded`, or `malformed` where the amount or the fee is zero or the currency
 *   cannot carry it
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
  const accounts = { from_account_id: from, to_account_id: to };
  const transaction = { id, type: 'TRANSFER', amount, ...accounts, ...remarked(transfer) } as const;
  const entry = { against: TRANSFERS, minor, transaction, description } as const;
  const paid = moneyOut(payer, { ...entry, accountId: from });
  const left = { ...payer, balance: payer.balance - minor };
  return [[paid, ...feeOf(left, transfer)], [moneyIn(payee, { ...entry, accountId: to })]];
}

function feeOf(
  payer: ExistingAccount,
  { fee, fromAccountId: accountId, transactionId, valueDate }: Transfer,
): readonly BankAccountTransactionRecordedDomainEventV1[] {
  if (fee === undefined) return [];
  const minor = minorToMove(fee.amount, payer.currency, 'fee');
  const transaction = {
    id: fee.transactionId,
    type: 'FEE',
    amount: formatMinor(minor, payer.currency),
    from_account_id: accountId,
    to_account_id: null,
    ...(valueDate && { value_date: valueDate }),
    charged_for: transactionId,
  } as const;
  const entry = { accountId, against: FEE_INCOME, minor, transaction, description: null, field: 'fee' };
  return [moneyOut(payer, entry)];
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
