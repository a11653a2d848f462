export type Currency = 'USD' | 'JPY' | 'KWD';
export type Status = 'OPEN' | 'FROZEN_DEBIT' | 'FROZEN' | 'CLOSED';

/** Persons, accounts and transactions are known by their places here; -1 is none of the bank's. */
export interface Model {
  readonly persons: readonly Person[];
  readonly accounts: readonly Account[];
  readonly transactions: readonly Transaction[];
  /** What all `customers` hold together, and each system account, in minor units: by `USD/cash`. */
  readonly books: ReadonlyMap<string, bigint>;
}

export interface Person {
  readonly firstName: string;
  /** Of its stream: one less than its events, as an account's. */
  readonly revision: number;
}

export interface Account {
  readonly owner: number;
  readonly currency: Currency;
  /** Minor units, as the limit. */
  readonly balance: bigint;
  readonly limit: bigint;
  readonly status: Status;
  readonly reference: string | null;
  readonly revision: number;
}

export interface Transaction {
  readonly type: 'DEPOSIT' | 'WITHDRAWAL' | 'TRANSFER' | 'INTEREST' | 'FEE' | 'REVERSAL';
  readonly currency: Currency;
  readonly minor: bigint;
  readonly from: number | null;
  readonly to: number | null;
  /** A system account; of a transfer `transfers`. */
  readonly against: string;
  readonly period: string | null;
  readonly chargedFor: number | null;
  readonly reverses: number | null;
  readonly reversedBy: number | null;
}

/** @typeParam Amount - minor units, or what comes to them: see `drawn-call.ts` */
export type MovementOf<Amount> =
  | {
      readonly kind: 'deposit' | 'withdrawal';
      readonly account: number;
      readonly minor: Amount;
      readonly against: string;
    }
  | {
      readonly kind: 'transfer';
      readonly from: number;
      readonly to: number;
      readonly minor: Amount;
      readonly fee: bigint | null;
    }
  | {
      readonly kind: 'interest';
      readonly account: number;
      readonly minor: Amount;
      readonly period: string;
    }
  | { readonly kind: 'fee'; readonly account: number; readonly minor: Amount };

export type CallOf<Amount> =
  | MovementOf<Amount>
  | {
      readonly kind: 'open';
      readonly owner: number;
      readonly currency: Currency;
      readonly limit: bigint;
      readonly reference: string | null;
    }
  | {
      readonly kind: 'correct';
      readonly person: number;
      readonly firstName: string;
      readonly born: string;
    }
  | { readonly kind: 'freeze'; readonly account: number; readonly status: 'FROZEN_DEBIT' | 'FROZEN' }
  | { readonly kind: 'unfreeze' | 'close'; readonly account: number }
  | { readonly kind: 'limit'; readonly account: number; readonly minor: Amount }
  | { readonly kind: 'reversal'; readonly transaction: number }
  | {
      readonly kind: 'batch';
      readonly mode: 'atomic' | 'independent';
      readonly items: readonly MovementOf<Amount>[];
    };

export type Movement = MovementOf<bigint>;
export type Call = CallOf<bigint>;

export interface Expected {
  /** Codes of the rules that a call breaks: any of them may be answered. None: it is accepted. */
  readonly refusals: readonly string[];
  readonly after: Model;
}
