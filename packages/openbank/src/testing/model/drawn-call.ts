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
      const back = placeIn(transactions, drawn.transaction);
      return { ...drawn, transaction: back < 0 ? -1 : transactions.length - 1 - back };
    }
    default:
      return accounts.length === 0 ? undefined : onAccounts(model, drawn);
  }
}

function onAccounts(model: Model, drawn: Exclude<DrawnCall, Drawn<'open' | 'correct' | 'reversal'>>): Call {
  switch (drawn.kind) {
    case 'freeze':
      return { ...drawn, account: placeIn(model.accounts, drawn.account) };
    case 'unfreeze':
      return { ...drawn, account: mostly(model, drawn.account, ({ status }) => status.startsWith('FROZEN')) };
    case 'close':
      return { ...drawn, account: mostly(model, drawn.account, ({ balance }) => balance === 0n) };
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

function movementOf(model: Model, drawn: MovementOf<Amount>): Movement {
  const { accounts } = model;
  if (drawn.kind === 'transfer') {
    const from = placeIn(accounts, drawn.from);
    const payer = accounts[from];
    const to = mostly(model, drawn.to, (each) => each !== payer && each.currency === payer?.currency);
    return { ...drawn, from, to, minor: minorOf(drawn.minor, payable(payer) - (drawn.fee ?? 0n)) };
  }
  const account = placeIn(accounts, drawn.account);
  const isIn = drawn.kind === 'deposit' || drawn.kind === 'interest';
  const most = isIn ? MOST - (accounts[account]?.balance ?? MOST) : payable(accounts[account]);
  return { ...drawn, account, minor: minorOf(drawn.minor, most) };
}

/** An account that the call fits, where there is one; but each eighth time any. */
function mostly({ accounts }: Model, chosen: number, fits: (account: Account) => boolean): number {
  const fitting = accounts.flatMap((account, place) => (fits(account) ? [place] : []));
  if (chosen % 8 === 0 || fitting.length === 0) return placeIn(accounts, chosen);
  return fitting[placeIn(fitting, chosen)] ?? -1;
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
