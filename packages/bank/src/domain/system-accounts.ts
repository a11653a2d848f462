import type { FieldProblem } from './refusal.ts';

/**
 * What entries stand against, per currency. They have no streams: their balances are a projection, and sum to zero with
 * those of the customers at every event.
 */

/** What comes in from outside and goes out again, unless another name is given. */
export const CASH = 'cash';
/** Where a transfer's money is between its two entries, so that it is zero at the end of every commit. */
export const TRANSFERS = 'transfers';
/** What customers have paid in fees. */
export const FEE_INCOME = 'fee-income';
/** What customers have received as interest. */
export const INTEREST_EXPENSE = 'interest-expense';
/** In totals: what the accounts of all customers hold together. No system account is called so. */
export const CUSTOMERS = 'customers';

/** Those that the bank books on by itself, and what sums are called. */
const RESERVED = new Set([TRANSFERS, FEE_INCOME, INTEREST_EXPENSE, CUSTOMERS, 'total']);

/** Shorter than an id, so that no name is one. */
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** What is wrong with the name of a system account that a caller gives, if any. */
export function systemAccountProblems(name: string | undefined): readonly FieldProblem[] {
  if (name === undefined) return [];
  const field = 'system_account';
  if (!NAME.test(name))
    return [{ field, message: 'must be a name of 1 to 31 lower case letters, digits and dashes' }];
  if (RESERVED.has(name)) return [{ field, message: `must not be ${name}, which the bank keeps for itself` }];
  return [];
}
