import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';

/** A query that the read model has no index for: declare the index, or ask otherwise. A fault of the program. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
  readonly code = 'query-refused';
}

/** A cursor that no page of this query has handed out. The caller's caller sent it: a malformed request. */
export class CursorRefused extends Error {
  override readonly name = 'CursorRefused';
  readonly code = 'cursor-refused';

  constructor() {
    super(
      'This cursor does not belong to this list: start without one and use `next` of each page as it is.',
    );
  }
}

/** A read model whose declaration no store can keep, or that its store has never been told of. */
export class ReadModelRefused extends Error {
  override readonly name = 'ReadModelRefused';
  readonly code = 'read-model-refused';
}

/**
 * An event that a projection cannot fold: it stops there. The code is that of the cause, or `event-not-projected` where it
 * is none of the kit's. The message may hold what the projection says of the event's data: it is for the log.
 */
export class EventNotProjected extends EventSourcingError {
  override readonly name = 'EventNotProjected';
  /** Its `stream@revision`. */
  readonly event: string;
  readonly position: Position;

  constructor({ stream, revision, position }: EventPlace, cause: unknown) {
    const event = `${stream}@${revision}`;
    const why = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof EventSourcingError ? cause.code : 'event-not-projected';
    super(code, `The event ${event} cannot be projected: ${reasonFor(event, why)}.`, { cause });
    this.event = event;
    this.position = position;
  }
}

/** As the end of a sentence that has named the event. */
function reasonFor(event: string, why: string): string {
  const reason = why.endsWith('.') ? why.slice(0, -1) : why;
  return reason.startsWith(`${event} is `) ? `it${reason.slice(event.length)}` : reason;
}

type EventPlace = Pick<RecordedEvent, 'stream' | 'revision' | 'position'>;

/** A projection has stopped, so its read model will not move: what is asked of it cannot be known. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
  readonly code = 'projection-stopped';
  readonly projection: string;

  constructor(projection: string, reason: string) {
    super(`The projection ${projection} has stopped: ${reason}`);
    this.projection = projection;
  }
}
