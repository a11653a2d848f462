import type { RecordedEvent } from '../event.ts';
import type { SealedEvent } from '../repository/event-codec.ts';
import type { Findings } from './findings.ts';

/** What a domain looks at in its own history: a fold over all events, in the order of the log. */
export interface DomainCheck {
  see(event: CheckedEvent, findings: Findings): void;
  /** The events seen since the last call are one commit. */
  endOfCommit(findings: Findings): void;
}

export interface CheckedEvent
  extends Pick<RecordedEvent, 'id' | 'stream' | 'revision' | 'position' | 'recordedAt'> {
  /** Its personal data is sealed. */
  readonly event: SealedEvent;
}
