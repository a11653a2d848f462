import { readInstant } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import { minPosition } from './min-position.ts';
import { malformed } from './problem.ts';
import type { NowOrThenQuery, ReadHeaders } from './schemas/headers.ts';

/** A moment of the past that a request asks for. */
export type Moment =
  /** Microseconds since 1970. */
  { readonly time: number } | { readonly position: Position; readonly field: string };

interface Request {
  readonly headers: ReadHeaders;
  readonly query: NowOrThenQuery;
}

/**
 * Undefined where the request asks for what is there now.
 *
 * @param now - microseconds since 1970
 * @throws ProblemError 400 - it names two moments, a time that there is not, or one that has not come yet
 */
export function momentOf(request: Request, now = endOfThisMillisecond()): Moment | undefined {
  const { as_of: time, as_of_position: position } = request.query;
  if (time === undefined && position === undefined) return undefined;
  if (time !== undefined && position !== undefined)
    throw wrong('as_of_position', 'must be left out beside as_of');
  const min = minPosition(request);
  if (min !== undefined) throw wrong(min.field, 'must be left out where you ask for the past');
  if (position !== undefined) return { position, field: 'as_of_position' };
  return time === undefined ? undefined : { time: timeOf(time, now) };
}

function timeOf(text: string, now: number): number {
  const time = readInstant(text);
  if (time === undefined) throw wrong('as_of', 'must be a time that there is');
  if (Number(time) > now) throw wrong('as_of', 'must not be in the future: nobody knows yet');
  return Number(time);
}

/** Times are booked by a clock of milliseconds and counted on within one: what was booked just now is no future. */
function endOfThisMillisecond(): number {
  return Date.now() * 1000 + 999;
}

function wrong(field: string, message: string) {
  return malformed([{ field, message }]);
}
