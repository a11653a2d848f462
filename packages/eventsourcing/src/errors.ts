/** What can go wrong in the kit and its engines. Codes are stable: programs may branch on them. */
export type ErrorCode =
  | 'revision-conflict'
  | 'claim-taken'
  | 'commit-refused'
  | 'time-refused'
  | 'outcome-unknown'
  | 'overloaded'
  | 'storage-full'
  | 'store-unavailable'
  | 'store-damaged'
  | 'store-misconfigured'
  | 'store-locked'
  | 'unknown-event-type'
  | 'displaced'
  | 'document-refused'
  | 'document-missing'
  | 'event-not-projected'
  | 'read-model-behind'
  | 'keys-differ'
  | 'key-missing'
  | 'key-destroyed'
  | 'master-key-missing'
  | 'master-key-wrong'
  | 'export-damaged'
  | 'import-refused'
  | 'unknown-message';

/** An error of the kit or an engine: a stable code and a message that says what to do. */
export class EventSourcingError extends Error {
  override readonly name: string = 'EventSourcingError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function hasCode(error: unknown, code: ErrorCode): error is EventSourcingError {
  return error instanceof EventSourcingError && error.code === code;
}
