import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { StoredEvent } from '../events/stored-event.ts';
import { readMessages } from '../log/read-call.ts';
import { streamRequest } from '../log/read-request.ts';

/** Small snapshots are read all at once; of large ones, the last that was saved. */
const MAX_BYTES = 64 * 1024;

/**
 * Events of a stream from the youngest to the oldest: at most so many, and none after the one that fills the bytes.
 *
 * @param from - the first revision; undefined: the last of the stream
 * @param timeout - milliseconds
 */
export async function lastEvents(
  client: KurrentDBClient,
  stream: string,
  from: number | undefined,
  limit: number,
  timeout: number,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let bytes = 0;
  const reading = { what: `read stream ${stream}`, deadline: Math.max(1, timeout), signals: [] };
  await readMessages(client, streamRequest(stream, from, 'backwards', limit), reading, (message) => {
    const event = message.getEvent()?.getEvent();
    if (event === undefined) return true;
    events.push(event);
    bytes += event.getData_asU8().length + event.getCustomMetadata_asU8().length;
    return bytes < MAX_BYTES;
  });
  return events;
}
