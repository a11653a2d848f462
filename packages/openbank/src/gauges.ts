import type { Repository } from '@openbank/eventsourcing';
import type { Health } from './http/health.ts';
import type { Metrics } from './metrics.ts';

/** What is read off the running bank whenever the metrics are asked for. */
export function watchBank(metrics: Metrics, repository: Pick<Repository, 'waiting'>, health: Health): void {
  metrics.watch(
    'openbank_commands_waiting',
    'Commands that wait for their aggregates',
    () => repository.waiting,
  );
  metrics.watch(
    'openbank_projection_lag_seconds',
    'Age of the oldest event that a read model does not show yet',
    async () => {
      const { projections } = await health.check();
      return projections.map(({ name, lag_ms }) => ({ labels: { projection: name }, value: lag_ms / 1000 }));
    },
  );
  metrics.watch(
    'openbank_projection_stopped',
    '1 where a projection has stopped: its read model does not move any more',
    async () => {
      const { projections } = await health.check();
      return projections.map(({ name, status }) => ({
        labels: { projection: name },
        value: status === 'stopped' ? 1 : 0,
      }));
    },
  );
}
