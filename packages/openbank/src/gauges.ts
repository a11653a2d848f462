import type { Repository } from '@openbank/eventsourcing';
import type { Health, ProjectionHealth } from './http/health.ts';
import type { Metrics } from './metrics.ts';

/** What is read off the running bank whenever the metrics are asked for. */
export function watchBank(metrics: Metrics, repository: Pick<Repository, 'waiting'>, health: Health): void {
  metrics.watch(
    'openbank_commands_waiting',
    'Commands that wait for their aggregates',
    [],
    () => repository.waiting,
  );
  const ofProjections = async (value: (projection: ProjectionHealth) => number) => {
    const { projections } = await health.check();
    return projections.map((projection) => ({ labels: labelsOf(projection), value: value(projection) }));
  };
  metrics.watch(
    'openbank_projection_lag_seconds',
    'Age of the oldest event that a read model does not show yet',
    OF_PROJECTIONS,
    () => ofProjections(({ lag_ms }) => lag_ms / 1000),
  );
  metrics.watch(
    'openbank_projection_stopped',
    '1 where a projection has stopped: its read model does not move any more',
    OF_PROJECTIONS,
    () => ofProjections(({ status }) => (status === 'stopped' ? 1 : 0)),
  );
  metrics.watch(
    'openbank_projection_filling',
    '1 where a version of a read model is being filled: queries are not answered from it yet',
    OF_PROJECTIONS,
    () => ofProjections(({ status }) => (status === 'filling' ? 1 : 0)),
  );
}

const OF_PROJECTIONS = ['projection', 'version'];

function labelsOf({ name, version }: ProjectionHealth): Readonly<Record<string, string>> {
  return { projection: name, version: String(version) };
}
