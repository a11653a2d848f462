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
