import type { BankAccountState } from './bank-account.ts';
import { recordMoneyOut, type SingleAccountMovement } from './single-account.ts';
import { CASH } from './system-accounts.ts';

export interface Withdrawal extends SingleAccountMovement {
  /** Where the money goes: the name of a system account. Absent: `cash`. */
  readonly systemAccount?: string | undefined;
}

/** @throws Refusal as `recordMoneyOut` does */
export function recordWithdrawal(account: BankAccountState, withdrawal: Withdrawal) {
  return recordMoneyOut(account, withdrawal, {
    type: 'WITHDRAWAL',
    against: withdrawal.systemAccount ?? CASH,
  });
}
