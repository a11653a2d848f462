/**
 * Leases divide work among processes: each is held by at most one holder at a time, for a while, by the clock of the
 * store. A holder that pauses for longer may go on to believe that it holds one: what it then writes must be refused by
 * an epoch, as a read-model store does. The contract suite in `testing/lease-store-contract.ts` is the definition of
 * every sentence here.
 */
export interface LeaseStore {
  /**
   * Says that a holder is alive, and lengthens what it holds, its leases that have run out and nobody has taken
   * included: all from now on for so many milliseconds.
   */
  heartbeat(holder: string, duration: number): Promise<LeaseBoard>;
  /** Takes a lease for so many milliseconds unless another holder has it; answers whether it is the holder's now. */
  acquire(lease: string, holder: string, duration: number): Promise<boolean>;
  /** Gives a lease back at once. Nothing happens where it is not the holder's. */
  release(lease: string, holder: string): Promise<void>;
  /** Gives everything back: the holder is not alive any more. */
  leave(holder: string): Promise<void>;
  close(): Promise<void>;
}

/** Who is there, and who has what, as of the store's clock. */
export interface LeaseBoard {
  /** Holders that are alive, in the order of their names: the caller is one of them. */
  readonly holders: readonly string[];
  /** The holder of each lease that has not run out. */
  readonly leases: ReadonlyMap<string, string>;
}
