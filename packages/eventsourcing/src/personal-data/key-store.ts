/**
 * Where keys are kept: data keys by subject, and named secrets of the whole bank. What is stored is wrapped (encrypted)
 * by a master key that the store never sees. Own file or collection, own backup: it is neither log nor derivable.
 */
export interface KeyStore {
  /** The wrapped key of a subject, `destroyed` where its marker is, undefined where there never was one. */
  key(subject: string): Promise<Uint8Array | 'destroyed' | undefined>;
  /**
   * Keeps a subject's wrapped key unless it has one; answers the one that is kept, durable when it answers.
   * A destroyed subject stays destroyed: answers `destroyed`.
   */
  addKey(subject: string, wrapped: Uint8Array): Promise<Uint8Array | 'destroyed'>;
  /** Overwrites a subject's key by a marker, for ever. Durable when it answers. */
  destroyKey(subject: string): Promise<void>;
  /** Keeps a named secret unless there is one; answers the one that is kept, durable when it answers. */
  addSecret(name: string, wrapped: Uint8Array): Promise<Uint8Array>;
  /** All that is kept, as it is kept, each once, in pages of bounded size. What is added meanwhile may be left out. */
  entries(): AsyncIterable<readonly KeyEntry[]>;
  /**
   * Keeps what another store has kept, durable when it answers: keys and secrets as `addKey` and `addSecret` do, and the
   * marker of a destroyed key as `destroyKey` does. A key that is destroyed here stays so.
   *
   * @throws EventSourcingError `keys-differ` - another key or secret is kept under one of the names: nothing is added
   */
  addEntries(entries: readonly KeyEntry[]): Promise<void>;
  /** Whether any key or secret is kept: then a missing master key is a fault, not a first start. */
  isEmpty(): Promise<boolean>;
  close(): Promise<void>;
}

/** A subject's key, or a named secret, on its way from one store to another. */
export interface KeyEntry {
  readonly kind: 'key' | 'secret';
  /** The subject, or the secret's name. */
  readonly name: string;
  /** `destroyed`: the marker of a subject's destroyed key. */
  readonly wrapped: Uint8Array | 'destroyed';
}
