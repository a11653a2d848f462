/**
 * The bank in the fewest words: what each call must answer, and what every account holds afterwards. It shares nothing
 * with the bank but its rules.
 */
export interface Model {
  readonly accounts: ModelAccount[];
}

export interface ModelAccount {
  readonly currency: Currency;
  /** Minor units, as the limit. */
  balance: bigint;
  readonly limit: bigint;
}

export const DIGITS = { USD: 2, JPY: 0, KWD: 3 } as const;
export type Currency = keyof typeof DIGITS;

/** Minor units, or so much less or more than the paying account can pay, or the receiving one can take. */
export type Amount = bigint | { readonly most: bigint };

export type Step =
  | { readonly kind: 'open'; readonly currency: Currency; readonly limit: bigint }
  | { readonly kind: 'deposit' | 'withdrawal'; readonly account: number; readonly amount: Amount }
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly amount: Amount }
  /** An accepted call again, so many before the last: as it was, or another amount under its key. */
  | { readonly kind: 'again'; readonly back: number; readonly changed: boolean };

/** A step with all that is left to chance decided. Accounts are places in the model's list; -1 is none of the bank's. */
export type Call =
  | { readonly kind: 'open'; readonly currency: Currency; readonly limit: bigint }
  | { readonly kind: 'deposit' | 'withdrawal'; readonly account: number; readonly minor: bigint }
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly minor: bigint };

export interface Expected {
  /** Codes of the rules that it breaks: any of them may be answered. None: it is accepted. */
  readonly refusals: readonly string[];
  /** Accounts that it changes, or would have changed. */
  readonly touched: readonly number[];
}

/** |balance| never passes it. */
const MOST = 10n ** 15n;

export const newModel = (): Model => ({ accounts: [] });

/** What a step comes to on the accounts that there are; undefined where it needs one that is not there yet. */
export function callOf({ accounts }: Model, step: Exclude<Step, { kind: 'again' }>): Call | undefined {
  if (step.kind === 'open') return step;
  if (accounts.length === 0) return undefined;
  const place = (chosen: number) => (chosen < 0 ? -1 : chosen % accounts.length);
  if (step.kind === 'transfer') {
    const [from, to] = [place(step.from), place(step.to)];
    return { kind: step.kind, from, to, minor: minorOf(step.amount, payable(accounts[from])) };
  }
  const account = place(step.account);
  const most = step.kind === 'deposit' ? room(accounts[account]) : payable(accounts[account]);
  return { kind: step.kind, account, minor: minorOf(step.amount, most) };
}

/** What the bank must answer, and what the accounts hold then: see `accept`. */
export function judge(model: Model, call: Call): Expected {
  if (call.kind === 'open')
    return { refusals: call.limit > MOST ? ['overdraft-limit-too-high'] : [], touched: [] };
  const pays = call.kind === 'transfer' ? call.from : call.kind === 'withdrawal' ? call.account : undefined;
  const takes = call.kind === 'transfer' ? call.to : call.kind === 'deposit' ? call.account : undefined;
  const touched = [pays, takes].filter((place) => place !== undefined);
  const [payer, payee] = [pays, takes].map((place) =>
    place === undefined ? undefined : model.accounts[place],
  );
  const refusals = [
    touched.includes(-1) && 'account-not-found',
    pays !== undefined && pays === takes && 'same-account',
    call.minor <= 0n && 'malformed',
    payer && payee && payer.currency !== payee.currency && 'currency-mismatch',
    // Without a common currency the amount may have more digits than one of them.
    payer && payee && payer.currency !== payee.currency && 'malformed',
    payer && call.minor > payable(payer) && 'insufficient-funds',
    payer && payer.balance - call.minor < -MOST && 'balance-limit-exceeded',
    payee && call.minor > room(payee) && 'balance-limit-exceeded',
  ].filter((code) => typeof code === 'string');
  return { refusals, touched: touched.filter((place) => place >= 0) };
}

/** The call has been accepted. */
export function accept({ accounts }: Model, call: Call): void {
  if (call.kind === 'open') accounts.push({ currency: call.currency, limit: call.limit, balance: 0n });
  if (call.kind === 'deposit') move(accounts[call.account], call.minor);
  if (call.kind === 'withdrawal') move(accounts[call.account], -call.minor);
  if (call.kind === 'transfer') {
    move(accounts[call.from], -call.minor);
    move(accounts[call.to], call.minor);
  }
}

/** What a call brings into the bank, or takes out of it: a transfer does neither. */
export function brings(call: Call): bigint {
  if (call.kind === 'deposit') return call.minor;
  return call.kind === 'withdrawal' ? -call.minor : 0n;
}

function payable(account: ModelAccount | undefined): bigint {
  return account === undefined ? 0n : account.balance + account.limit;
}

function room(account: ModelAccount | undefined): bigint {
  return account === undefined ? 0n : MOST - account.balance;
}

function minorOf(amount: Amount, most: bigint): bigint {
  if (typeof amount === 'bigint') return amount;
  const minor = most + amount.most;
  return minor < 0n ? 0n : minor;
}

function move(account: ModelAccount | undefined, minor: bigint): void {
  if (account === undefined) throw new Error('The model has no such account.');
  account.balance += minor;
}

/** An amount as the API writes it. */
export function decimal(minor: bigint, currency: Currency): string {
  const digits = DIGITS[currency];
  const sign = minor < 0n ? '-' : '';
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
