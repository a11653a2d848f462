import { type LogEntry, projectedEvent } from '../projections/log-entry.ts';
import type { ProjectedEvent, Projection } from '../projections/projection.ts';
import { type Findings, placeOf } from './findings.ts';

/** Replays an event into a projection if it feeds it, and names what it cannot fold. */
export function replay(
  projection: Projection,
  entry: LogEntry,
  findings: Findings,
  into: (event: ProjectedEvent) => void,
): void {
  const { recorded } = entry;
  if (!recorded.stream.startsWith(projection.streamPrefix)) return;
  try {
    into(projectedEvent(entry, projection));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    findings.add(`event-not-projected:${projection.name}`, placeOf(recorded), why);
  }
}
