import type { SnapshotObservation } from '@openbank/eventsourcing';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

/** Counts what becomes of snapshots. One that is ignored is also logged: it was damaged, or remembers another log. */
export function observeSnapshots(
  metrics: Pick<Metrics, 'counter'>,
  log: Pick<Logger, 'warn'>,
): (observed: SnapshotObservation) => void {
  const loaded = metrics.counter(
    'openbank_loads_total',
    'States that were not in memory, by what they were loaded from: snapshot or start',
    'from',
  );
  const outcome = metrics.counter(
    'openbank_snapshots_total',
    'Snapshots by outcome: saved, not-saved, or ignored at a load',
    'outcome',
  );
  return (observed) => {
    if (observed.kind === 'loaded') return loaded(observed.from);
    outcome(observed.kind);
    const { stream, kind } = observed;
    if (kind === 'ignored') log.warn({ stream, reason: observed.reason }, 'A snapshot is ignored');
  };
}
