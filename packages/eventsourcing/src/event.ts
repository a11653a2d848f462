/** A flat map of strings: all that every engine can store beside an event's data. */
export type Metadata = Readonly<Record<string, string>>;

/**
 * A place in the whole log: decimal digits, on one engine always as many. Else opaque, and not portable between engines,
 * but plain string comparison is commit order: whoever has seen position `p` never later finds a new event before `p`.
 */
export type Position = string;

/**
 * An event as it is handed to a store: complete. Its id, time and chain link are made once and kept through every
 * repeat of its append, and its personal data is sealed.
 */
export interface NewEvent {
  /** UUID, made once per request; never derived from an idempotency key. */
  readonly id: string;
  /** Letters, digits and `_ . $ : -` only. */
  readonly type: string;
  /** The version of `data`'s shape, from 1. */
  readonly schemaVersion: number;
  /** Booking time: microseconds since 1970, strictly increasing within a stream. */
  readonly recordedAt: number;
  /** JSON text, kept to the byte. */
  readonly data: string;
  readonly metadata: Metadata;
  /** Chain link, SHA-256 in hex: see `chainLink`. */
  readonly link: string;
}

/** An event as it is read from a store. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in its stream, from 0. */
  readonly revision: number;
  readonly position: Position;
}

/**
 * An event in the words of a domain. `personal` holds what only its subject may be known by: plain when decided and
 * when answered, sealed in the log, in state and in read models.
 */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly personal?: Personal | Sealed;
}

/** Personal data in the clear, on its way to be sealed with its subject's key. */
export interface Personal {
  /** Whose data it is: the id under which the key is kept. */
  readonly subject: string;
  readonly plain: unknown;
}

/** Personal data under its subject's key. It can be copied anywhere and is unreadable once that key is destroyed. */
export interface Sealed {
  readonly subject: string;
  /** Id of the event it was sealed for; part of what the cipher authenticates. */
  readonly event: string;
  /** base64url of nonce, ciphertext and tag (AES-256-GCM). */
  readonly cipher: string;
}

/** What an engine accepts as an event type (KurrentDB's own rule). */
export const EVENT_TYPE_PATTERN = /^[\p{L}\p{N}_.$:-]+$/u;
