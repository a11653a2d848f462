import type { BankAccountFrozenDomainEventV1, BankAccountUnfrozenDomainEventV1 } from './account-events.ts';
import { type AccountStatus, accountClosed, accountFrozen } from './account-status.ts';
import type { BankAccountState } from './bank-account.ts';
import { accountNotFound, Refusal } from './refusal.ts';

export const FROZEN_STATUSES = ['FROZEN_DEBIT', 'FROZEN'] as const;
/** How far an account is frozen: for what takes money out, or for all but unfreezing. */
export type FrozenStatus = (typeof FROZEN_STATUSES)[number];

/**
 * An account that is frozen for what takes money out can be frozen further, and nothing else.
 *
 * @throws Refusal `account-not-found`, `account-frozen`, `account-closed`
 */
export function freezeAccount(
  account: BankAccountState,
  status: FrozenStatus,
): readonly [BankAccountFrozenDomainEventV1] {
  if (!account.exists) throw accountNotFound();
  assertFreezable(account.status, status);
  return [{ type: 'BankAccountFrozenDomainEventV1', data: { status } }];
}

function assertFreezable(status: AccountStatus, wanted: FrozenStatus): void {
  switch (status) {
    case 'OPEN':
      return;
    case 'FROZEN_DEBIT':
      if (wanted === 'FROZEN_DEBIT') throw accountFrozen();
      return;
    case 'FROZEN':
      throw accountFrozen();
    case 'CLOSED':
      throw accountClosed();
    default:
      status satisfies never;
  }
}

/** @throws Refusal `account-not-found`, `account-not-frozen`, `account-closed` */
export function unfreezeAccount(account: BankAccountState): readonly [BankAccountUnfrozenDomainEventV1] {
  if (!account.exists) throw accountNotFound();
  assertUnfreezable(account.status);
  return [{ type: 'BankAccountUnfrozenDomainEventV1', data: { status: 'OPEN' } }];
}

function assertUnfreezable(status: AccountStatus): void {
  switch (status) {
    case 'OPEN':
      throw new Refusal('rule', 'account-not-frozen', 'The account is not frozen: there is nothing to undo.');
    case 'FROZEN_DEBIT':
    case 'FROZEN':
      return;
    case 'CLOSED':
      throw accountClosed();
    default:
      status satisfies never;
  }
}
