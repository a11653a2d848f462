import type { BankAccountState } from './bank-account.ts';
import { recordMoneyOut, type SingleAccountMovement } from './single-account.ts';
import { FEE_INCOME } from './system-accounts.ts';

/** @throws Refusal as `recordMoneyOut` does */
export function recordFee(account: BankAccountState, fee: SingleAccountMovement) {
  return recordMoneyOut(account, fee, { type: 'FEE', against: FEE_INCOME });
}
