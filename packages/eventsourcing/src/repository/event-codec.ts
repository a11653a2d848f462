import type { DomainEvent, RecordedEvent, Sealed } from '../event.ts';

/** A domain event as it is recorded: its personal data is sealed. */
export type SealedEvent = DomainEvent & { readonly personal?: Sealed };

interface StoredPersonal {
  readonly subject: string;
  readonly cipher: string;
}

/** The JSON text of an event: its data, and beside them its sealed personal data under `personal`. */
export function encodeData(event: SealedEvent): string {
  if (Object.hasOwn(Object(event.data), 'personal')) {
    throw new TypeError(
      `The data of a ${event.type} has a member "personal", where sealed data go: rename it.`,
    );
  }
  if (event.personal === undefined) return JSON.stringify(event.data);
  const { subject, cipher } = event.personal;
  return JSON.stringify({ ...(event.data as object), personal: { subject, cipher } });
}

/** The domain's view of a recorded event. */
export function decodeEvent(recorded: Pick<RecordedEvent, 'id' | 'type' | 'data'>): SealedEvent {
  const stored = JSON.parse(recorded.data) as { personal?: StoredPersonal };
  if (stored.personal === undefined) return { type: recorded.type, data: stored };
  const { personal, ...data } = stored;
  return { type: recorded.type, data, personal: { ...personal, event: recorded.id } };
}
