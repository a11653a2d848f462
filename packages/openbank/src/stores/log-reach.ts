import { projections } from '@openbank/bank';
import {
  type EventReader,
  EventSourcingError,
  type Position,
  type ReadModelReader,
} from '@openbank/eventsourcing';

/**
 * Compares the log with what read models on a server remember of it. They are asked first: they never get ahead of it.
 *
 * @throws EventSourcingError `store-damaged` - the log ends before: it has lost its end, or is another bank's
 */
export async function assertLogReaches(
  events: Pick<EventReader, 'head'>,
  models: Pick<ReadModelReader, 'checkpoints'>,
): Promise<void> {
  const remembered = await furthestOf(models);
  if (remembered === undefined) return;
  const head = await events.head();
  // As long as each other they are of one engine, and compare as the log goes.
  const reaches = head !== undefined && head.length === remembered.length && head >= remembered;
  if (!reaches) throw logFallsShort(head, remembered);
}

async function furthestOf(models: Pick<ReadModelReader, 'checkpoints'>): Promise<Position | undefined> {
  const kept = projections.flatMap((model) => [
    model,
    ...(model.previous ? [model.previous.projection] : []),
  ]);
  const positions = (await Promise.all(kept.map((model) => models.checkpoints(model)))).flat();
  return positions
    .filter((position) => position !== undefined)
    .sort()
    .at(-1);
}

function logFallsShort(head: Position | undefined, remembered: Position): EventSourcingError {
  const ends = head === undefined ? 'is empty' : `ends at position ${head}`;
  return new EventSourcingError(
    'store-damaged',
    `The event store ${ends}, but the read store remembers position ${remembered}: the log has lost its end, or one of the two is another bank's. Name the stores that belong together, or restore the event store from a backup; where it is right as it is, empty the read store, but for keys and secrets: read models are filled again.`,
  );
}
