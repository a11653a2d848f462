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
  readonly projections: readonly ProjectionHealth[];
}

export interface ProjectionHealth {
  readonly name: string;
  readonly status: 'running' | 'stopped';
  readonly position: string | null;
  /** How long the oldest event that it does not show yet has been in the log, milliseconds. */
  readonly lag_ms: number;
}
