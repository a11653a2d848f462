import type { KurrentConnection } from '../connection/connect.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { streamRequest } from '../log/read-request.ts';
import { readFrom } from '../log/source.ts';

/** Small snapshots are read all at once; of large ones, the last that was saved. */
const MAX_BYTES = 64 * 1024;

/**
 * Events of a stream from the youngest to the oldest: at most so many, and none after the one that fills the bytes.
 *
 * @param from - the first revision; undefined: the last of the stream
 * @param timeout - milliseconds
 * @throws EventSourcingError as `readFrom` does
 */
export async function lastEvents(
  connection: Pick<KurrentConnection, 'client' | 'closed'>,
  stream: string,
  from: number | undefined,
  limit: number,
  timeout: number,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let bytes = 0;
  const reading = { what: `read stream ${stream}`, deadline: Math.max(1, timeout) };
  await readFrom(connection, streamRequest(stream, from, 'backwards', limit), reading, (message) => {
    const event = message.getEvent()?.getEvent();
    if (event === undefined) return true;
    events.push(event);
    bytes += event.getData_asU8().length + event.getCustomMetadata_asU8().length;
    return bytes < MAX_BYTES;
  });
  return events;
}
