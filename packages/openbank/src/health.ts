import {
  type EventReader,
  type ModelVersion,
  type Position,
  type Progress,
  type StopReason,
  unheardOf,
  type VersionState,
} from '@openbank/eventsourcing';
import type { Health, HealthReport, ProjectionHealth } from './http/health.ts';

export interface HealthOptions {
  readonly reader: EventReader;
  readonly progress: Progress;
  /** The read models that there are to be, at their newest versions. */
  readonly projections: readonly ModelVersion[];
  /** Whether the store still takes writes. */
  readonly isWritable?: () => boolean;
  /** Microseconds since 1970. */
  readonly now?: () => number;
}

/** A check that asks the store, and says how far each projection is behind it. */
export function createHealth(options: HealthOptions): Health {
  const { reader, progress, projections, isWritable = () => true, now = microseconds } = options;

  async function report(): Promise<HealthReport> {
    const head = await reader.head();
    const models = projections.map((projection) => statesOf(progress, projection));
    const reports = models.flat().map(async (state) => reportOf(state, await lag(state, head)));
    const store = isWritable() ? 'ok' : 'read-only';
    const ready = store === 'ok' && models.every(isReady);
    return { ready, store, head: head ?? null, projections: await Promise.all(reports) };
  }

  async function lag({ position }: VersionState, head: Position | undefined): Promise<number> {
    return position === head ? 0 : lagAfter(reader, position, now());
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

interface ReportedState extends VersionState {
  /** Whether it is the version that this program wants. */
  readonly wanted: boolean;
}

/** The versions of a read model that are at work, the wanted one also before anything has been heard of it. */
function statesOf(progress: Progress, projection: ModelVersion): readonly ReportedState[] {
  const { name, version } = projection;
  const heard = progress.all().filter((state) => state.name === name);
  const isHeardOf = heard.some((state) => state.version === version);
  const states = isHeardOf ? heard : [...heard, unheardOf(projection)];
  return states.map((state) => ({ ...state, wanted: state.version === version }));
}

/** One that was replaced does not count any more. */
function isReady(states: readonly ReportedState[]): boolean {
  const stopped = states.some((state) => state.stopped !== undefined && (state.live || state.wanted));
  return !stopped && states.some(({ live, waiting }) => live && waiting === undefined);
}

function reportOf(state: ReportedState, lag: number): ProjectionHealth {
  const { name, version, live, position = null, target = null } = state;
  const why = state.stopped ?? state.waiting;
  const reason = why === undefined ? null : described(why);
  return { name, version, status: statusOf(state), live, position, target, lag_ms: lag, reason };
}

function statusOf({ stopped, waiting, live, wanted }: ReportedState): ProjectionHealth['status'] {
  if (stopped !== undefined) return 'stopped';
  if (waiting !== undefined) return 'waiting';
  return wanted && !live ? 'filling' : 'running';
}

/** Never its message: that may hold values of an event. */
function described({ code, event }: StopReason): string {
  return event === undefined ? code : `${code} at ${event}`;
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
