import type { QueryDescription } from '@openbank/bank';
import { type EventReader, type Position, type Progress, waitUntil } from '@openbank/eventsourcing';
import { malformed } from './http/problem.ts';

/** Queries, answered no earlier than the caller has seen the log. */
export interface Reads {
  /**
   * Asks a read model once it shows the log up to `minPosition`. A miss of something that the log knows waits as if the
   * head had been asked for; only else it is a miss.
   *
   * @throws Refusal - not found
   * @throws ProblemError 400 - the position is none of this bank
   * @throws EventSourcingError `read-model-behind`, ProjectionStopped - it cannot be known now
   */
  find<Query, Answer>(
    description: QueryDescription<Query>,
    query: Query,
    ask: () => Promise<Answer | undefined>,
    minPosition: Position | undefined,
  ): Promise<Answer>;
}

export interface ReadsOptions {
  readonly reader: EventReader;
  readonly progress: Progress;
  /** Milliseconds that an answer may wait for its read models. Default 2,000. */
  readonly patience?: number;
}

export function createReads({ reader, progress, patience = 2_000 }: ReadsOptions): Reads {
  return {
    async find(description, query, ask, minPosition) {
      if (minPosition !== undefined) {
        await assertWithinLog(reader, minPosition);
        await waitUntil(progress, description.drawsOn, minPosition, patience);
      }
      const answer = await ask();
      if (answer !== undefined) return answer;
      const head = await reader.head();
      if (head === undefined || !(await exists(reader, description.stream(query))))
        throw description.notFound();
      await waitUntil(progress, description.drawsOn, head, patience);
      const late = await ask();
      if (late === undefined) throw description.notFound();
      return late;
    },
  };
}

/** Positions of all engines so far; what is in the log is at its head or before it. */
const POSITION = /^\d{16}$/;

async function assertWithinLog(reader: EventReader, position: Position): Promise<void> {
  const head = POSITION.test(position) ? await reader.head() : undefined;
  if (head !== undefined && position <= head) return;
  const message = 'is none of this bank: send OpenBank-Position of an earlier answer as it was';
  throw malformed([{ field: 'min_position', message }]);
}

async function exists(reader: EventReader, stream: string): Promise<boolean> {
  for await (const events of reader.readStream(stream, { limit: 1 })) if (events.length > 0) return true;
  return false;
}
