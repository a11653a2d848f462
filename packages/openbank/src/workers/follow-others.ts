import { projections } from '@openbank/bank';
import {
  type EventReader,
  followProgress,
  type Progress,
  type ReadModelReader,
} from '@openbank/eventsourcing';
import type { Logger } from 'pino';

/** Keeps progress up with what all processes together have written. */
export function followOthers(
  { models, events }: { readonly models: ReadModelReader; readonly events: EventReader },
  progress: Progress,
  log: Logger,
): { close(): Promise<void> } {
  const ending = new AbortController();
  const running = followProgress({
    reader: models,
    log: events,
    projections,
    progress,
    signal: ending.signal,
    onRetry(error, attempt) {
      if (attempt === 1) log.warn({ err: error }, 'the read store does not say how far projections are');
    },
  });
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}
