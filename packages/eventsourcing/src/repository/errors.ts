/** The same idempotency key came with another request. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';
  readonly code = 'idempotency-key-reused';

  constructor() {
    super('This idempotency key belongs to another request: use a new key for a new request.');
  }
}

/** The aggregate is not at the revision that the caller has seen. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  readonly code = 'precondition-failed';
  readonly actual: number;

  constructor(actual: number) {
    super('It has changed since you read it: read it again and decide again.');
    this.actual = actual;
  }
}

/** The store could not say whether the command's events are in the log. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly code = 'outcome-unknown';
  readonly resourceId: string | undefined;

  constructor(resourceId: string | undefined, options?: ErrorOptions) {
    super(
      'The store did not say whether this was recorded: repeat the call with the same idempotency key to find out.',
      options,
    );
    this.resourceId = resourceId;
  }
}
