import type { Query } from '@openbank/eventsourcing';
import { amountProblem, parseDecimal, toMinor } from '../domain/money.ts';
import { type FieldProblem, malformed } from '../domain/refusal.ts';
import type { TransactionType } from '../domain/transaction.ts';
import { integer } from '../projections/fields.ts';
import type { LookedThrough } from './filtered-page.ts';
import { readInstant } from './instant.ts';

/** Which lines of a statement are wanted. */
export interface StatementFilters {
  /** Booked at or after this time: see `readInstant`. */
  readonly from?: string | undefined;
  /** Booked before this time. */
  readonly to?: string | undefined;
  readonly transactionType?: TransactionType | undefined;
  /** Amounts without their signs, as they were sent: at least so much was moved. */
  readonly minAmount?: string | undefined;
  /** At most so much was moved. */
  readonly maxAmount?: string | undefined;
  /** The caller's own name for the transaction. */
  readonly reference?: string | undefined;
}

/** @throws Refusal `malformed` - with every filter that is wrong in itself */
export function validateStatementFilters({ from, to, minAmount, maxAmount }: StatementFilters): void {
  const problems = [
    instantProblem('from', from),
    instantProblem('to', to),
    decimalProblem('min_amount', minAmount),
    decimalProblem('max_amount', maxAmount),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw malformed(...problems);
  const range = timeRange({ from, to });
  if (range.from !== undefined && range.to !== undefined && range.from > range.to) {
    throw malformed({ field: 'from', message: 'must not be after to' });
  }
}

/** Lines that were booked in a time, as the store's query says it. */
export function timeRange({ from, to }: Pick<StatementFilters, 'from' | 'to'>): NonNullable<Query['range']> {
  const first = from === undefined ? undefined : readInstant(from);
  const end = to === undefined ? undefined : readInstant(to);
  return { ...(first !== undefined && { from: first }), ...(end !== undefined && { to: end }) };
}

/**
 * Tells the lines that are wanted by type, amount and reference; undefined where all are.
 *
 * @param currency - of the account
 * @throws Refusal `malformed` - the currency cannot carry an amount, or none is between them
 */
export function lineFilter(
  { transactionType, minAmount, maxAmount, reference }: StatementFilters,
  currency: string,
): LookedThrough | undefined {
  const given = [transactionType, minAmount, maxAmount, reference];
  if (given.every((each) => each === undefined)) return undefined;
  const least = minorUnits('min_amount', minAmount, currency) ?? 0n;
  const most = minorUnits('max_amount', maxAmount, currency);
  if (most !== undefined && least > most) {
    throw malformed({ field: 'min_amount', message: 'must not be above max_amount' });
  }
  return {
    mark: JSON.stringify(given.map((each) => each ?? null)),
    isWanted({ fields }) {
      if (transactionType !== undefined && fields.type !== transactionType) return false;
      if (reference !== undefined && fields.reference !== reference) return false;
      const signed = integer(fields, 'amount');
      const moved = signed < 0n ? -signed : signed;
      return moved >= least && (most === undefined || moved <= most);
    },
  };
}

function minorUnits(field: string, amount: string | undefined, currency: string): bigint | undefined {
  return amount === undefined ? undefined : toMinor(parseDecimal(amount, field), currency, field);
}

function instantProblem(field: string, text: string | undefined): FieldProblem | undefined {
  if (text === undefined || readInstant(text) !== undefined) return undefined;
  return { field, message: 'must be a day, YYYY-MM-DD, or a time of RFC 3339' };
}

function decimalProblem(field: string, amount: string | undefined): FieldProblem | undefined {
  const message = amount === undefined ? undefined : amountProblem(amount);
  return message === undefined ? undefined : { field, message };
}
