import type { RecordedEvent } from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { dataOf, revisionOf, type StoredEvent, toPlacedEvent } from '../events/stored-event.ts';
import { streamRequest } from '../log/read-request.ts';
import { readFrom } from '../log/source.ts';

/** An event that was given up. */
export interface ParkedEvent {
  /** Undefined where it has been deleted meanwhile, or this program has not written it. */
  readonly event: RecordedEvent | undefined;
  readonly stream: string;
  readonly revision: number;
  readonly reason: string;
  /** When, as the server writes it: ISO 8601. */
  readonly parkedAt: string;
}

/** Parked events are links in a stream of the server's, which a replay cuts off. */
export async function* parkedEvents(
  connection: Connection,
  group: string,
): AsyncGenerator<ParkedEvent, void, undefined> {
  const stream = `$persistentsubscription-$all::${group}-parked`;
  for (let from: number | undefined; ; ) {
    const page = await readPage(connection, stream, from);
    for (const { parked } of page) yield parked;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    from = last.place + 1;
  }
}

const PAGE = 100;

type Connection = Pick<KurrentConnection, 'client' | 'closed'>;

async function readPage(connection: Connection, stream: string, from: number | undefined) {
  const page: { readonly place: number; readonly parked: ParkedEvent }[] = [];
  const request = streamRequest(stream, from, 'forwards', PAGE);
  request.getOptions()?.setResolveLinks(true);
  const reading = { what: 'list what is parked', deadline: 10_000 };
  await readFrom(connection, request, reading, (message) => {
    const link = message.getEvent()?.getLink();
    if (link !== undefined)
      page.push({ place: revisionOf(link), parked: toParked(link, message.getEvent()?.getEvent()) });
    return true;
  });
  return page;
}

/** A link says `revision@stream`; its metadata, why and when. */
function toParked(link: StoredEvent, stored: StoredEvent | undefined): ParkedEvent {
  const [, revision = '', stream = ''] = /^(\d+)@(.*)$/s.exec(dataOf(link)) ?? [];
  const { reason, added } = Object(JSON.parse(Buffer.from(link.getCustomMetadata_asU8()).toString() || '{}'));
  return {
    event: stored && toPlacedEvent(stored)?.event,
    stream,
    revision: Number(revision),
    reason: String(reason ?? ''),
    parkedAt: String(added ?? ''),
  };
}
