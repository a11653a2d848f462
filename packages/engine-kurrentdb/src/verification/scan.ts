import type { Position } from '@openbank/eventsourcing';
import { positionOf, type StoredEvent } from '../events/stored-event.ts';
import { logRequest } from '../log/read-request.ts';
import { readFrom, type Source } from '../log/source.ts';

/** What verification looks at: events and claims, and what somebody has done to their streams; no snapshots, nothing else of the server's. */
const VERIFIED_STREAMS = '^(?!snapshot-|\\$\\$snapshot-|\\$(?!\\$))';

const SCAN_EVENTS = 2_000;
const SCAN_BYTES = 4 * 1024 * 1024;

export interface Scanned {
  /** After the position and up to the other one. */
  readonly events: readonly StoredEvent[];
  /** There are no more. */
  readonly isLast: boolean;
}

/** Records of the log in their order, as many as fit into one look. */
export async function scan(source: Source, after: Position | undefined, through: Position): Promise<Scanned> {
  const events: StoredEvent[] = [];
  let bytes = 0;
  let came = 0;
  let isFull = false;
  // What stands at the position itself comes too.
  const request = logRequest(after, undefined, SCAN_EVENTS + 1);
  request.getOptions()?.getFilter()?.getStreamIdentifier()?.setRegex(VERIFIED_STREAMS);
  const reading = { what: 'read the log', deadline: source.timeouts.scan };
  await readFrom(source, request, reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    if (stored === undefined) return true;
    came++;
    const position = positionOf(stored);
    if (position > through) return false;
    if (after !== undefined && position <= after) return true;
    events.push(stored);
    bytes += stored.getData_asU8().length + stored.getCustomMetadata_asU8().length;
    isFull = bytes >= SCAN_BYTES;
    return !isFull;
  });
  return { events, isLast: !isFull && came <= SCAN_EVENTS };
}
