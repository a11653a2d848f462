import type { ExpectedRevision, Metadata } from '@openbank/eventsourcing';

/** An event as it is handed to the server. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly data: Uint8Array;
  readonly metadata: Metadata;
}

export interface ProposedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}
