/** From a projector: how many shares of the work it has now. */
export interface SharesHeld {
  readonly kind: 'shares';
  readonly held: number;
}

/** Processor time of a projector since it was told to begin, microseconds. */
export interface TimeSpent {
  readonly kind: 'spent';
  readonly cpu: number;
}

export type FromProjector = SharesHeld | TimeSpent;

/** `begin`: read the log; `report`: tell the time spent; `end`: give everything back. */
export type ToProjector = 'begin' | 'report' | 'end';
