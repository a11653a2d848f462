import type { BankAccountState } from './bank-account.ts';
import { recordMoneyIn, type SingleAccountMovement } from './single-account.ts';
import { CASH } from './system-accounts.ts';

export interface Deposit extends SingleAccountMovement {
  /** Where the money comes from: the name of a system account. Absent: `cash`. */
  readonly systemAccount?: string | undefined;
}

/** @throws Refusal as `recordMoneyIn` does */
export function recordDeposit(account: BankAccountState, deposit: Deposit) {
  return recordMoneyIn(account, deposit, { type: 'DEPOSIT', against: deposit.systemAccount ?? CASH });
}
