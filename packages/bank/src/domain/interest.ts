import type { BankAccountState } from './bank-account.ts';
import { Refusal } from './refusal.ts';
import { recordMoneyIn, type SingleAccountMovement } from './single-account.ts';
import { INTEREST_EXPENSE } from './system-accounts.ts';
import { isDay } from './time.ts';

export interface Interest extends SingleAccountMovement {
  /** What it is paid for: see `isPeriod`. */
  readonly period: string;
}

/** @throws Refusal as `recordMoneyIn` does */
export function recordInterest(account: BankAccountState, interest: Interest) {
  const { period } = interest;
  return recordMoneyIn(account, interest, { type: 'INTEREST', against: INTEREST_EXPENSE, period });
}

/** A year, a quarter, a month or a day: `2026`, `2026-Q3`, `2026-09`, `2026-09-30`. */
export function isPeriod(text: string): boolean {
  return /^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$/.test(text) || isDay(text);
}

/** The name that only one interest on an account for a period ever takes. */
export function interestClaim({ accountId, period }: Pick<Interest, 'accountId' | 'period'>): string {
  return `interest/${accountId}/${period}`;
}

export function interestAlreadyRecorded(): Refusal {
  const message = 'Interest was paid to this account for this period: it is paid once, whatever its amount.';
  return new Refusal('rule', 'interest-already-recorded', message, [
    { field: 'period', message: 'must be one for which no interest was paid yet' },
  ]);
}
