/** An event as a client hands it in. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as the log holds it. */
export interface LogRecord extends NewEvent {
  readonly stream: string;
  readonly revision: bigint;
  /** Commit and prepare position in one: the offset, in bytes, at which a real server's log would hold it. */
  readonly position: bigint;
  /** 100 nanoseconds since 1970. */
  readonly created: bigint;
  /** Its encodings, kept by whoever made them first: every reader gets the same bytes. */
  readonly encoded: { text?: Buffer; structured?: Buffer };
}

/** A position as clients pass it: ordered by commit, then by prepare. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** The position of a record, as clients see it. */
export const positionOf = (record: LogRecord): LogPosition => ({
  commit: record.position,
  prepare: record.position,
});

/** Whether a record stands behind a position; `(commit, 0)` stands before the record at `commit`. */
export const isBehind = (record: LogRecord, position: LogPosition): boolean =>
  record.position > position.commit ||
  (record.position === position.commit && record.position > position.prepare);
