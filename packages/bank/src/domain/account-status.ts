import { type FieldProblem, Refusal } from './refusal.ts';

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
export function assertTakesMoneyIn(status: AccountStatus, field?: string): void {
  switch (status) {
    case 'OPEN':
    case 'FROZEN_DEBIT':
      return;
    case 'FROZEN':
      throw accountFrozen(field);
    case 'CLOSED':
      throw accountClosed(field);
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
      throw accountFrozen(field);
    case 'CLOSED':
      throw accountClosed(field);
    default:
      status satisfies never;
  }
}

/**
 * Whether anything but unfreezing may be done to the account itself: it is neither frozen nor closed.
 *
 * @throws Refusal `account-frozen`, `account-closed`
 */
export function assertChangeable(status: AccountStatus): void {
  assertTakesMoneyIn(status);
}

/** @param field - what names the account in the request; undefined where that is the address */
export function accountFrozen(field?: string): Refusal {
  const message = 'The account is frozen: unfreeze it first.';
  return new Refusal('rule', 'account-frozen', message, about(field, 'must not be frozen'));
}

/** @param field - what names the account in the request; undefined where that is the address */
export function accountClosed(field?: string): Refusal {
  const message = 'The account is closed for good: use another account.';
  return new Refusal('rule', 'account-closed', message, about(field, 'must not be closed'));
}

function about(field: string | undefined, message: string): readonly FieldProblem[] {
  return field === undefined ? [] : [{ field, message }];
}
