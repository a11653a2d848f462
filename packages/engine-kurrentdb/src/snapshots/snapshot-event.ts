import { binaryEvent, type EventData, jsonEvent } from '@kurrent/kurrentdb-client';
import { EventSourcingError, type Snapshot, type SnapshotName } from '@openbank/eventsourcing';
import { dataOf, type StoredEvent, typeOf } from '../events/stored-event.ts';

/** What a stream of snapshots holds: one that was kept, or that one which was kept before is of no use. */
export type SnapshotEntry =
  | { readonly kind: 'kept'; readonly snapshot: Snapshot }
  | { readonly kind: 'forgotten'; readonly version: string; readonly revision: number };

const KEPT = 'SnapshotKept';
const FORGOTTEN = 'SnapshotForgotten';

/** Half of what the server takes: a larger record breaks the connection of the appends beside it. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * A snapshot as an event: the state is its data, readable, all else its metadata.
 *
 * @throws EventSourcingError `commit-refused` - it is too large
 */
export function keptEvent({ state, ...facts }: Snapshot): EventData {
  const bytes = Buffer.byteLength(state);
  if (bytes > MAX_BYTES) {
    const message = `A snapshot of ${facts.stream} has ${bytes} bytes, and at most ${MAX_BYTES} are kept: make its state smaller.`;
    throw new EventSourcingError('commit-refused', message);
  }
  const metadata = { ...facts };
  // The client writes JSON anew: what would not come back to the byte goes as bytes.
  const data: unknown = JSON.parse(state);
  return JSON.stringify(data) === state
    ? jsonEvent({ type: KEPT, data: data as string, metadata })
    : binaryEvent({ type: KEPT, data: Buffer.from(state), metadata });
}

export function forgottenEvent({ version, revision }: SnapshotName): EventData {
  return jsonEvent({ type: FORGOTTEN, data: { version, revision } });
}

/** Undefined for what this engine has not written. */
export function toEntry(stored: StoredEvent): SnapshotEntry | undefined {
  const type = typeOf(stored);
  if (type === FORGOTTEN) return forgotten(fields(dataOf(stored)));
  if (type !== KEPT) return undefined;
  const facts = fields(Buffer.from(stored.getCustomMetadata_asU8()).toString());
  return facts && kept(facts, dataOf(stored));
}

type Fields = ReadonlyMap<string, unknown>;

function fields(text: string): Fields | undefined {
  try {
    return new Map(Object.entries(Object(JSON.parse(text))));
  } catch {
    return undefined;
  }
}

function forgotten(data: Fields | undefined): SnapshotEntry | undefined {
  const version = data?.get('version');
  const revision = data?.get('revision');
  if (typeof version !== 'string' || typeof revision !== 'number') return undefined;
  return { kind: 'forgotten', version, revision };
}

/** Whether it is intact is for its reader to look at: it carries a checksum. */
function kept(facts: Fields, state: string): SnapshotEntry | undefined {
  const [stream, version, link, position, checksum] = TEXTS.map((name) => facts.get(name));
  const [revision, recordedAt] = NUMBERS.map((name) => facts.get(name));
  const isWhole =
    typeof stream === 'string' &&
    typeof version === 'string' &&
    typeof link === 'string' &&
    typeof position === 'string' &&
    typeof checksum === 'string' &&
    typeof revision === 'number' &&
    typeof recordedAt === 'number';
  if (!isWhole) return undefined;
  const snapshot = { stream, version, revision, link, recordedAt, position, state, checksum };
  return { kind: 'kept', snapshot };
}

const TEXTS = ['stream', 'version', 'link', 'position', 'checksum'] as const;
const NUMBERS = ['revision', 'recordedAt'] as const;
