import { type Booking, bookingsOf, judgeBooking, withBooking } from './model-bookings.ts';
import { codes, MOST, replaced } from './model-parts.ts';
import type { Account, Call, Expected, Model, Movement, Person } from './model-types.ts';

/**
 * The bank in the fewest words: what each call must answer, and what everything holds afterwards. It shares nothing
 * with the bank but its rules. Nothing in it changes: each accepted call makes another model, so that what once was can
 * be kept.
 */

/** @param persons - how many are registered already, all called Alice */
export function newModel(persons: number, books: Model['books']): Model {
  const alice: Person = { firstName: 'Alice', revision: 0 };
  return {
    persons: Array.from({ length: persons }, () => alice),
    accounts: [],
    transactions: [],
    books,
  };
}

/** What the bank must answer, and what everything is like once the call has been accepted. */
export function judge(model: Model, call: Call): Expected {
  switch (call.kind) {
    case 'open':
      return open(model, call);
    case 'correct':
      return correct(model, call);
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'limit':
      return changeLife(model, call);
    case 'batch': {
      const { outcomes, after } = judgeItems(model, call.items);
      const refusals = call.mode === 'atomic' ? [...outcomes.flat(), ...repeatedPeriods(call.items)] : [];
      return { refusals, after: refusals.length > 0 ? model : after };
    }
    default:
      return book(model, bookingsOf(model, call));
  }
}

/**
 * Items one after the other, each on what those before it leave; refused ones leave nothing.
 *
 * @param done - which of them an earlier call has done
 */
export function judgeItems(model: Model, items: readonly Movement[], done: readonly boolean[] = []) {
  let after = model;
  const outcomes = items.map((item, index) => {
    if (done[index]) return [];
    const expected = judge(after, item);
    after = expected.after;
    return expected.refusals;
  });
  return { outcomes, after };
}

/** The account that a call is answered to, or whose revision it can insist on. */
export function leadingAccount(model: Model, call: Call): number | undefined {
  if (call.kind === 'open' || call.kind === 'correct' || call.kind === 'batch') return undefined;
  if (call.kind === 'transfer') return call.from;
  if (call.kind !== 'reversal') return call.account;
  const reversed = model.transactions[call.transaction];
  return reversed?.to ?? reversed?.from ?? undefined;
}

/** Accounts that a call changes, or would change. */
export function touchedBy(model: Model, call: Call): readonly number[] {
  if (call.kind === 'open') return [model.accounts.length];
  if (call.kind === 'correct')
    return model.accounts.flatMap(({ owner }, place) => (owner === call.person ? [place] : []));
  if (call.kind === 'batch') return [...new Set(call.items.flatMap((item) => touchedBy(model, item)))];
  if (call.kind === 'transfer') return [call.from, call.to];
  const reversed = call.kind === 'reversal' ? model.transactions[call.transaction] : undefined;
  const places = call.kind === 'reversal' ? [reversed?.from, reversed?.to] : [call.account];
  return places.filter((place) => typeof place === 'number');
}

/**
 * Whether a dry run can foretell the answer: items of an independent batch are tried on what is there now, each by itself.
 */
export function isForetold(model: Model, call: Call): boolean {
  if (call.kind !== 'batch' || call.mode === 'atomic') return true;
  const places = call.items.flatMap((item) => touchedBy(model, item));
  return new Set(places).size === places.length;
}

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>;

function open(model: Model, { owner, currency, limit, reference }: CallOf<'open'>): Expected {
  const refusals = codes(
    model.persons[owner] === undefined && 'person-not-found',
    limit > MOST && 'overdraft-limit-too-high',
  );
  const opened: Account = { owner, currency, limit, reference, balance: 0n, status: 'OPEN', revision: 0 };
  const persons = replaced(model.persons, owner, recorded);
  return expected(model, refusals, { persons, accounts: [...model.accounts, opened] });
}

function correct(model: Model, { person, firstName, born }: CallOf<'correct'>): Expected {
  const refusals = codes(
    model.persons[person] === undefined && 'person-not-found',
    born > new Date().toISOString() && 'birth-date-in-future',
  );
  const persons = replaced(model.persons, person, (each) => ({ ...recorded(each), firstName }));
  return expected(model, refusals, { persons });
}

function changeLife(model: Model, call: CallOf<'freeze' | 'unfreeze' | 'close' | 'limit'>): Expected {
  const account = model.accounts[call.account];
  if (account === undefined) return { refusals: ['account-not-found'], after: model };
  const { status, balance, owner } = account;
  const again = call.kind === 'freeze' && status === 'FROZEN_DEBIT' && call.status === 'FROZEN_DEBIT';
  const refusals = codes(
    status === 'CLOSED' && 'account-closed',
    (again || (status === 'FROZEN' && call.kind !== 'unfreeze')) && 'account-frozen',
    call.kind === 'unfreeze' && status === 'OPEN' && 'account-not-frozen',
    call.kind === 'close' && balance !== 0n && 'balance-not-zero',
    call.kind === 'limit' && call.minor > MOST && 'overdraft-limit-too-high',
    call.kind === 'limit' && balance < -call.minor && 'overdraft-limit-in-use',
  );
  const accounts = replaced(model.accounts, call.account, (each) => changed(recorded(each), call));
  const persons = call.kind === 'close' ? replaced(model.persons, owner, recorded) : model.persons;
  return expected(model, refusals, { accounts, persons });
}

function changed(account: Account, call: CallOf<'freeze' | 'unfreeze' | 'close' | 'limit'>): Account {
  if (call.kind === 'limit') return { ...account, limit: call.minor };
  if (call.kind === 'freeze') return { ...account, status: call.status };
  return { ...account, status: call.kind === 'close' ? 'CLOSED' : 'OPEN' };
}

/** Books one after the other, or nothing of them. */
function book(model: Model, bookings: readonly Booking[] | undefined): Expected {
  if (bookings === undefined) return { refusals: ['transaction-not-found'], after: model };
  let after = model;
  // Each on what those before it would leave, whatever these break: of a transfer and its fee, either may be refused first.
  const refusals = bookings.flatMap((booking) => {
    const broken = judgeBooking(after, booking);
    after = withBooking(after, booking);
    return broken;
  });
  return { refusals, after: refusals.length > 0 ? model : after };
}

/** An atomic batch is refused for two interests of one period before any item is looked at. */
function repeatedPeriods(items: readonly Movement[]): readonly string[] {
  const paid = items.flatMap((item) => (item.kind === 'interest' ? [`${item.account}/${item.period}`] : []));
  return codes(new Set(paid).size < paid.length && 'interest-already-recorded');
}

function expected(model: Model, refusals: readonly string[], changes: Partial<Model>): Expected {
  return { refusals, after: refusals.length > 0 ? model : { ...model, ...changes } };
}

/** One event more on its stream. */
function recorded<Recorded extends { readonly revision: number }>(each: Recorded): Recorded {
  return { ...each, revision: each.revision + 1 };
}
