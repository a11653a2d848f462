/** The books of the bank at one position of the log. Amounts are decimal strings with the currency's digits. */
export interface TrialBalanceAnswer {
  /** Of the last transaction that is in it; null while there is none. */
  readonly position: string | null;
  /** By their codes. */
  readonly currencies: readonly CurrencyBalance[];
}

export interface CurrencyBalance {
  /** ISO 4217 */
  readonly currency: string;
  /** `customers`, what all accounts hold together, and the system accounts, by their names. */
  readonly accounts: readonly { readonly account: string; readonly balance: string }[];
  /** Of these balances: zero. */
  readonly total: string;
}
