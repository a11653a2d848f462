import { Refusal } from './refusal.ts';

/** `FROZEN_DEBIT` refuses what takes money out, `FROZEN` all but unfreezing; `CLOSED` is final. */
export const ACCOUNT_STATUSES = ['OPEN', 'FROZEN_DEBIT', 'FROZEN', 'CLOSED'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/**
 * A status as it was stored.
 *
 * @throws RangeError - it is none: the record is damaged
 */
export function accountStatus(text: string): AccountStatus {
  const status = ACCOUNT_STATUSES.find((each) => each === text);
  if (status === undefined) throw new RangeError('A stored account has a status that there is not.');
  return status;
}

/**
 * @param field - what names the account in the request
 * @throws Refusal `account-frozen`, `account-closed`
 */
export function assertTakesMoneyIn(status: AccountStatus, field: string): void {
  switch (status) {
    case 'OPEN':
    case 'FROZEN_DEBIT':
      return;
    case 'FROZEN':
      throw frozen(field);
    case 'CLOSED':
      throw closed(field);
    default:
      status satisfies never;
  }
}

/**
 * @param field - what names the account in the request
 * @throws Refusal `account-frozen`, `account-closed`
 */
export function assertLetsMoneyOut(status: AccountStatus, field: string): void {
  switch (status) {
    case 'OPEN':
      return;
    case 'FROZEN_DEBIT':
    case 'FROZEN':
      throw frozen(field);
    case 'CLOSED':
      throw closed(field);
    default:
      status satisfies never;
  }
}

function frozen(field: string): Refusal {
  return new Refusal('rule', 'account-frozen', 'The account is frozen: unfreeze it first.', [
    { field, message: 'must not be frozen' },
  ]);
}

function closed(field: string): Refusal {
  return new Refusal('rule', 'account-closed', 'The account is closed for good: use another account.', [
    { field, message: 'must not be closed' },
  ]);
}
