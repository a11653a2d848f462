import type { Repository } from '@openbank/eventsourcing';
import type { Health, ProjectionHealth } from './http/health.ts';
import type { Metrics } from './metrics.ts';

/** Read whenever the metrics are asked for, as all here. */
export function watchRepository(metrics: Metrics, repository: Pick<Repository, 'waiting'>): void {
  metrics.watch(
    'openbank_commands_waiting',
    'Commands that wait for their aggregates',
    [],
    () => repository.waiting,
  );
}

export function watchProjections(metrics: Metrics, health: Health): void {
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
