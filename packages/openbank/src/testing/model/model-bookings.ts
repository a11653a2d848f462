import { codes, MOST, replaced } from './model-parts.ts';
import type { Account, Call, Model, Transaction } from './model-types.ts';

/** One transaction before it is booked: every movement comes to one or two of them. */
export interface Booking extends Omit<Transaction, 'currency' | 'reversedBy'> {
  readonly minor: bigint;
}

/** System accounts that no caller may name. */
const RESERVED = new Set(['transfers', 'customers', 'fee-income', 'interest-expense']);

/** What a call books; undefined where it reverses what there is not. */
export function bookingsOf(
  model: Model,
  call: Extract<Call, { kind: 'deposit' | 'withdrawal' | 'transfer' | 'interest' | 'fee' | 'reversal' }>,
): readonly Booking[] | undefined {
  const next = model.transactions.length;
  if (call.kind === 'reversal') return reversalOf(model, call.transaction);
  const { minor } = call;
  switch (call.kind) {
    case 'deposit':
      return [{ ...PLAIN, type: 'DEPOSIT', minor, to: call.account, against: call.against }];
    case 'withdrawal':
      return [{ ...PLAIN, type: 'WITHDRAWAL', minor, from: call.account, against: call.against }];
    case 'interest': {
      const { account: to, period } = call;
      return [{ ...PLAIN, type: 'INTEREST', minor, to, period, against: 'interest-expense' }];
    }
    case 'fee':
      return [{ ...FEE, minor, from: call.account }];
    case 'transfer': {
      const { from, to, fee } = call;
      const transfer: Booking = { ...PLAIN, type: 'TRANSFER', minor, from, to, against: 'transfers' };
      return fee === null ? [transfer] : [transfer, { ...FEE, minor: fee, from, chargedFor: next }];
    }
    default:
      return call satisfies never;
  }
}

const PLAIN = { from: null, to: null, period: null, chargedFor: null, reverses: null } as const;
const FEE = { ...PLAIN, type: 'FEE', against: 'fee-income' } as const;

function reversalOf({ transactions }: Model, reverses: number): readonly Booking[] | undefined {
  const reversed = transactions[reverses];
  if (reversed === undefined) return undefined;
  const { minor, against, from: to, to: from } = reversed;
  return [{ ...PLAIN, type: 'REVERSAL', minor, from, to, against, reverses }];
}

/** Codes of all rules that it breaks. */
export function judgeBooking(model: Model, booking: Booking): readonly string[] {
  const { type, from, to, minor, against, period } = booking;
  const { payer, payee } = sidesOf(model, booking);
  const reversed = booking.reverses === null ? undefined : model.transactions[booking.reverses];
  const mixed = payer && payee && payer.currency !== payee.currency;
  const paid =
    type === 'INTEREST' && model.transactions.some((each) => each.to === to && each.period === period);
  const named = type === 'DEPOSIT' || type === 'WITHDRAWAL';
  return codes(
    ((from !== null && !payer) || (to !== null && !payee)) && 'account-not-found',
    from === to && 'same-account',
    minor <= 0n && 'malformed',
    named && RESERVED.has(against) && 'malformed',
    mixed && 'currency-mismatch',
    // Without a common currency the amount may have more digits than one of them.
    mixed && 'malformed',
    payer && ['FROZEN', 'FROZEN_DEBIT'].includes(payer.status) && 'account-frozen',
    payee?.status === 'FROZEN' && 'account-frozen',
    [payer?.status, payee?.status].includes('CLOSED') && 'account-closed',
    payer && minor > payer.balance + payer.limit && 'insufficient-funds',
    payee && payee.balance + minor > MOST && 'balance-limit-exceeded',
    paid && 'interest-already-recorded',
    reversed?.type === 'REVERSAL' && 'not-reversible',
    reversed && reversed.reversedBy !== null && 'already-reversed',
  );
}

/** What is left of a booking that breaks no rule. */
export function withBooking(model: Model, booking: Booking): Model {
  const { from, to, minor, against, reverses } = booking;
  const { payer, payee } = sidesOf(model, booking);
  const currency = (payer ?? payee)?.currency ?? 'USD';
  const place = model.transactions.length;
  const known = replaced(model.transactions, reverses ?? -1, (each) => ({ ...each, reversedBy: place }));
  const transactions = [...known, { ...booking, currency, reversedBy: null }];
  const paidOut = replaced(model.accounts, from ?? -1, (each) => moved(each, -minor));
  const accounts = replaced(paidOut, to ?? -1, (each) => moved(each, minor));
  const brought = (payee ? minor : 0n) - (payer ? minor : 0n);
  const books = new Map(model.books);
  for (const [account, change] of [
    ['customers', brought],
    [against, -brought],
  ] as const) {
    const name = `${currency}/${account}`;
    books.set(name, (books.get(name) ?? 0n) + change);
  }
  return { ...model, accounts, transactions, books };
}

function sidesOf({ accounts }: Model, { from, to }: Booking) {
  return { payer: accounts[from ?? -1], payee: accounts[to ?? -1] };
}

function moved(account: Account, minor: bigint): Account {
  return { ...account, balance: account.balance + minor, revision: account.revision + 1 };
}
