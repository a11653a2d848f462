/** Whether the bank can do its work, for load balancers and `openbank status`. */
export interface Health {
  check(): Promise<HealthReport>;
}

export interface HealthReport {
  /** Whether requests should be sent here. */
  readonly ready: boolean;
  /** `read-only` after a failed sync: nothing more is written until the bank is started again. */
  readonly store: 'ok' | 'read-only' | 'unreachable';
  /** Position of the last event; null while there is none, or while it cannot be known. */
  readonly head: string | null;
  /** Each version of each read model that is at work. */
  readonly projections: readonly ProjectionHealth[];
}

/** What `/health/ready` answers. */
export interface HealthAnswer extends Omit<HealthReport, 'ready'> {
  readonly status: 'ready' | 'not-ready';
}

export interface ProjectionHealth {
  readonly name: string;
  readonly version: number;
  /**
   * `filling`: it is fed, and queries are not answered from it yet. `waiting`: its store takes nothing for now, and is
   * tried again.
   */
  readonly status: 'running' | 'filling' | 'waiting' | 'stopped';
  /** Whether queries are answered from this version. */
  readonly live: boolean;
  readonly position: string | null;
  /** While it is being filled: the position where it takes over. */
  readonly target: string | null;
  /** How long the oldest event that it does not show yet has been in the log, milliseconds. */
  readonly lag_ms: number;
  /** Why it has stopped, or waits: a code and the event, no more, since anybody may ask. The log says all. */
  readonly reason: string | null;
}
