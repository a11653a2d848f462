import type { EventStore, KeyStore, ReadModelReader, SnapshotStore } from '@openbank/eventsourcing';

/** What keeps the events of a bank, open. */
export interface EventSide {
  readonly events: EventStore;
  readonly snapshots: SnapshotStore;
  /** Whether the event store still takes writes. */
  isWritable(): boolean;
  /** Milliseconds that a command may wait for it. */
  readonly patience: number;
  /** How threads of this process learn where the log ends, where the store has no other way to tell them. */
  readonly sharedHead: SharedArrayBuffer | undefined;
}

/** What keeps all else of it, open. */
export interface ReadSide {
  readonly models: ReadModelReader;
  readonly keys: KeyStore;
  /** Where keys are, in words for people. */
  readonly keysAt: string;
}

/** See `ReadSide`. */
export const KEYS_AT = { sqlite: 'keys.db', mongodb: "MongoDB's collections keys and secrets" } as const;

/** What has been opened; closed in the opposite order. */
export type Opened = Pick<AsyncDisposableStack, 'adopt' | 'defer'>;

export function close(opened: { close(): Promise<void> }): Promise<void> {
  return opened.close();
}
