import type { LookupDescription, QueryDescription } from '@openbank/bank';
import {
  type EventReader,
  hasCode,
  type Position,
  type Progress,
  positionAsOf,
  waitUntil,
} from '@openbank/eventsourcing';
import type { MinPosition } from './min-position.ts';
import type { Moment } from './moment.ts';
import { malformed, type ProblemError, unavailable } from './problem.ts';
import { createTurns } from './turns.ts';

/**
 * Queries, answered no earlier than the caller has seen the log, and not before their read models have been filled for
 * the first time: what is not there yet is never answered as if it did not exist.
 */
export interface Reads {
  /**
   * Asks for one thing once its read models show the log up to `min`. A miss of something that the log knows waits as if
   * the head had been asked for; only else it is a miss.
   *
   * @throws Refusal - not found
   * @throws ProblemError 400 - the position is none of this bank
   * @throws EventSourcingError `read-model-behind`, ProjectionStopped - it cannot be known now
   */
  find<Query, Answer>(
    description: LookupDescription<Query>,
    query: Query,
    ask: () => Promise<Answer | undefined>,
    min: MinPosition | undefined,
  ): Promise<Answer>;
  /**
   * Asks for what is there, be it nothing, once its read models show the log up to `min`.
   *
   * @throws as `find` does, but for Refusal
   */
  answer<Answer>(
    description: QueryDescription,
    ask: () => Promise<Answer>,
    min: MinPosition | undefined,
  ): Promise<Answer>;
  /**
   * Asks for what was there at a moment of the past. It waits for no read model: the answer is made by replay.
   *
   * @throws whatever `notFound` gives where nothing was there
   * @throws ProblemError 400 - the position is none of this bank; 503 `overloaded` - too many replays wait for their turn
   */
  past<Answer>(
    moment: Moment,
    ask: (asOf: Position, deadline: AbortSignal) => Promise<Answer | undefined>,
    notFound: () => Error,
  ): Promise<Past<Answer>>;
}

/** What was there at a moment of the past. */
export interface Past<Answer> {
  readonly answer: Answer;
  /** Where the log was. */
  readonly position: Position;
}

export interface ReadsOptions {
  readonly reader: EventReader;
  readonly progress: Progress;
  /** Milliseconds that an answer may wait for its read models. Default 2,000. */
  readonly patience?: number;
  /** Milliseconds that a replay may take. Default 20,000. */
  readonly replayMs?: number;
}

export function createReads({ reader, progress, patience = 2_000, replayMs = 20_000 }: ReadsOptions): Reads {
  /** Until every read model of a query can be asked. */
  async function waitFor(
    { drawsOn }: QueryDescription,
    min: MinPosition | undefined,
    stream?: string,
  ): Promise<void> {
    if (min !== undefined) {
      await assertWithinLog(reader, min);
      return waitUntil(progress, drawsOn, min.position, patience, stream);
    }
    const unfilled = drawsOn.filter(({ name }) => progress.live(name) === undefined);
    if (unfilled.length === 0) return;
    const head = await reader.head();
    if (head !== undefined) await waitUntil(progress, unfilled, head, patience);
  }

  const replays = createTurns({ ...REPLAYS, refused: tooManyReplays });

  async function positionOf(moment: Moment, signal: AbortSignal): Promise<Position | undefined> {
    if ('time' in moment) return positionAsOf(reader, moment.time, signal);
    await assertWithinLog(reader, moment);
    await assertReadable(reader, moment);
    return moment.position;
  }

  return {
    past: (moment, ask, notFound) =>
      replays.take(async () => {
        const deadline = AbortSignal.timeout(replayMs);
        try {
          const position = await positionOf(moment, deadline);
          const answer = position === undefined ? undefined : await ask(position, deadline);
          if (position === undefined || answer === undefined) throw notFound();
          return { answer, position };
        } catch (error) {
          throw error === deadline.reason ? tooLongAReplay() : error;
        }
      }),
    async find(description, query, ask, min) {
      const stream = description.stream(query);
      await waitFor(description, min, stream);
      const answer = await ask();
      if (answer !== undefined) return answer;
      const head = await reader.head();
      if (head === undefined || !(await mayExist(reader, stream))) throw description.notFound();
      await waitUntil(progress, description.drawsOn, head, patience, stream);
      const late = await ask();
      if (late === undefined) throw description.notFound();
      return late;
    },
    async answer(description, ask, min) {
      await waitFor(description, min);
      return ask();
    },
  };
}

/** Replays that are under way at once hold all that they make in memory; there is one thread for all of them. */
const REPLAYS = { most: 2, mostWaiting: 256, patience: 2_000 };

function tooLongAReplay(): ProblemError {
  const detail = 'The past that you ask for takes too long to be made again: ask for less of it.';
  return unavailable('overloaded', detail, 60);
}

function tooManyReplays(): ProblemError {
  return unavailable(
    'overloaded',
    'Too many questions about the past wait for their turn: ask again in a moment.',
    5,
  );
}

/** Of digits it is: see ReadQuery. Positions are all as long as the head, and none that was ever given is behind it. */
async function assertWithinLog(reader: EventReader, { position, field }: MinPosition): Promise<void> {
  const head = await reader.head();
  if (head !== undefined && position.length === head.length && position <= head) return;
  throw noneOfThisBank(field);
}

function noneOfThisBank(field: string): ProblemError {
  return malformed([
    { field, message: 'is none of this bank: send OpenBank-Position of an earlier answer as it was' },
  ]);
}

/** What lies between two events is a position of no answer; on servers the log cannot be read from there. */
async function assertReadable(reader: EventReader, { position, field }: MinPosition): Promise<void> {
  try {
    for await (const _page of reader.readAll({ after: position, limit: 1 })) return;
  } catch (error) {
    if (!hasCode(error, 'store-damaged')) throw error;
    throw noneOfThisBank(field);
  }
}

/** Whether what was missed may be in the log; where no stream tells, it may. */
async function mayExist(reader: EventReader, stream: string | undefined): Promise<boolean> {
  if (stream === undefined) return true;
  for await (const events of reader.readStream(stream, { limit: 1 })) if (events.length > 0) return true;
  return false;
}
