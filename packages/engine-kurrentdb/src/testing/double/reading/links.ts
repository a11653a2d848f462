import type { LogRecord } from '../log/log-record.ts';
import type { Store } from '../log/store.ts';
import { eventMessage, linkMessage } from '../wire/read-messages.ts';

/** How one reader wants its events. */
export interface EventForm {
  readonly structuredIds: boolean;
  readonly resolveLinks: boolean;
}

/** Encodes an event, and for a link (`$>`) the event that it leads to, where the reader asked for that. */
export const createEncoder =
  (store: Store, form: EventForm) =>
  (record: LogRecord): Buffer =>
    form.resolveLinks && record.type === '$>'
      ? linkMessage(record, linkTarget(store, record), form.structuredIds)
      : eventMessage(record, form.structuredIds);

/** The event behind a link, whose data is `revision@stream`. */
export const linkTarget = (store: Store, link: LogRecord): LogRecord | undefined => {
  const text = Buffer.from(link.data).toString('utf8');
  const at = text.indexOf('@');
  return store.stream(text.slice(at + 1))?.events[Number(text.slice(0, at))];
};
