import { MOST } from './model-parts.ts';
import type { Account, Call, CallOf, Model, Movement, MovementOf } from './model-types.ts';

/** Minor units, or so much less or more than what is just possible: to pay, to take, to owe. */
export type Amount = bigint | { readonly most: bigint };

/** A call as it is drawn, before there is anything that it can be about. */
export type DrawnCall = CallOf<Amount>;
type Drawn<Kind extends DrawnCall['kind']> = Extract<DrawnCall, { kind: Kind }>;

export type Step =
  | {
      readonly kind: 'call';
      readonly call: DrawnCall;
      /** It is tried first, by a dry run. */
      readonly tried: boolean;
      /** Whether it insists on a revision, and on which. */
      readonly match: 'right' | 'wrong' | null;
    }
  /** An accepted call again, so many before the last: as it was, or with something else under its key. */
  | { readonly kind: 'again'; readonly back: number; readonly changed: boolean };

/** What a drawn call comes to on what there is; undefined where it needs something that is not there yet. */
export function callOf(model: Model, drawn: DrawnCall): Call | undefined {
  const { accounts, persons, transactions } = model;
  switch (drawn.kind) {
    case 'open':
      return { ...drawn, owner: placeIn(persons, drawn.owner) };
    case 'correct':
      return { ...drawn, person: placeIn(persons, drawn.person) };
    case 'reversal': {
      const place = drawn.transaction < 0 ? -1 : transactions.length - 1 - drawn.transaction;
      return { ...drawn, transaction: Math.max(place, -1) };
    }
    default:
      return accounts.length === 0 ? undefined : onAccounts(model, drawn);
  }
}

function onAccounts(model: Model, drawn: Exclude<DrawnCall, Drawn<'open' | 'correct' | 'reversal'>>): Call {
  switch (drawn.kind) {
    case 'freeze':
    case 'unfreeze':
    case 'close':
      return { ...drawn, account: placeIn(model.accounts, drawn.account) };
    case 'limit': {
      const account = placeIn(model.accounts, drawn.account);
      return { ...drawn, account, minor: minorOf(drawn.minor, -(model.accounts[account]?.balance ?? 0n)) };
    }
    case 'batch':
      return { ...drawn, items: drawn.items.map((item) => movementOf(model, item)) };
    default:
      return movementOf(model, drawn);
  }
}

function movementOf({ accounts }: Model, drawn: MovementOf<Amount>): Movement {
  if (drawn.kind === 'transfer') {
    const [from, to] = [placeIn(accounts, drawn.from), placeIn(accounts, drawn.to)];
    return { ...drawn, from, to, minor: minorOf(drawn.minor, payable(accounts[from]) - (drawn.fee ?? 0n)) };
  }
  const account = placeIn(accounts, drawn.account);
  const isIn = drawn.kind === 'deposit' || drawn.kind === 'interest';
  const most = isIn ? MOST - (accounts[account]?.balance ?? MOST) : payable(accounts[account]);
  return { ...drawn, account, minor: minorOf(drawn.minor, most) };
}

function placeIn(items: readonly unknown[], chosen: number): number {
  return chosen < 0 || items.length === 0 ? -1 : chosen % items.length;
}

function payable(account: Account | undefined): bigint {
  return account === undefined ? 0n : account.balance + account.limit;
}

function minorOf(amount: Amount, most: bigint): bigint {
  if (typeof amount === 'bigint') return amount;
  const minor = most + amount.most;
  return minor < 0n ? 0n : minor;
}
