import type { EventReader, Position, Progress } from '@openbank/eventsourcing';
import type { Health, HealthReport, ProjectionHealth } from './http/health.ts';

export interface HealthOptions {
  readonly reader: EventReader;
  readonly progress: Progress;
  /** Names of the projections that there are to be. */
  readonly projections: readonly string[];
  /** Whether the store still takes writes. */
  readonly isWritable?: () => boolean;
  /** Microseconds since 1970. */
  readonly now?: () => number;
}

/** A check that asks the store, and says how far each projection is behind it. */
export function createHealth(options: HealthOptions): Health {
  const { reader, progress, projections, isWritable = () => true, now = microseconds } = options;

  async function projection(name: string, head: Position | undefined): Promise<ProjectionHealth> {
    const { position, stopped } = progress.of(name);
    const lag = position === head ? 0 : await lagAfter(reader, position, now());
    const status = stopped === undefined ? 'running' : 'stopped';
    return { name, status, position: position ?? null, lag_ms: lag };
  }

  async function report(): Promise<HealthReport> {
    const head = await reader.head();
    const states = await Promise.all(projections.map((name) => projection(name, head)));
    const store = isWritable() ? 'ok' : 'read-only';
    const ready = store === 'ok' && states.every(({ status }) => status === 'running');
    return { ready, store, head: head ?? null, projections: states };
  }

  return {
    async check() {
      try {
        return await report();
      } catch {
        return { ready: false, store: 'unreachable', head: null, projections: [] };
      }
    },
  };
}

/** How long ago the first event after a position was recorded, milliseconds; 0 where there is none. */
async function lagAfter(reader: EventReader, position: Position | undefined, now: number): Promise<number> {
  const after = position === undefined ? {} : { after: position };
  for await (const { events } of reader.readAll({ ...after, limit: 1 })) {
    const [first] = events;
    if (first !== undefined) return Math.max(0, Math.round((now - first.recordedAt) / 1000));
  }
  return 0;
}

function microseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
