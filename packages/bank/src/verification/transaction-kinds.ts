import {
  CASH,
  FEE_INCOME,
  INTEREST_EXPENSE,
  systemAccountProblems,
  TRANSFERS,
} from '../domain/system-accounts.ts';
import type { TransactionFacts, TransactionType } from '../domain/transaction.ts';
import type { Report } from './account-life.ts';

/** Where the money of a kind comes from and goes to, and what it stands against. */
interface Shape {
  readonly pays: boolean;
  readonly isPaid: boolean;
  /** The system account; undefined where the caller may name one. */
  readonly against: string | undefined;
}

/** A reversal has the shape of what it reverses: see `createOnceOnly`. */
const SHAPES: Readonly<Record<Exclude<TransactionType, 'REVERSAL'>, Shape>> = {
  DEPOSIT: { pays: false, isPaid: true, against: undefined },
  WITHDRAWAL: { pays: true, isPaid: false, against: undefined },
  TRANSFER: { pays: true, isPaid: true, against: TRANSFERS },
  INTEREST: { pays: false, isPaid: true, against: INTEREST_EXPENSE },
  FEE: { pays: true, isPaid: false, against: FEE_INCOME },
};

/** Looks whether a transaction is booked as its kind is. @param against - the system account of its entry */
export function checkKind(transaction: TransactionFacts, against: string, report: Report): void {
  const { type, from_account_id: from, to_account_id: to } = transaction;
  if (type === 'REVERSAL') return;
  const { pays, isPaid, against: only } = SHAPES[type];
  if ((from !== null) !== pays || (to !== null) !== isPaid)
    report('kind-wrong', `money of a ${type} does not come from and go to where its does`);
  const isRight = only === undefined ? isFree(against) : against === only;
  if (!isRight)
    report('kind-wrong', `a ${type} stands against ${against}, not ${only ?? `${CASH} or another name`}`);
}

function isFree(name: string): boolean {
  return systemAccountProblems(name).length === 0;
}
