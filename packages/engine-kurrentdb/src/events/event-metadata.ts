import type { Metadata, NewEvent } from '@openbank/eventsourcing';

/** Where an event stands in its commit: from 0, and out of how many. */
export interface CommitPlace {
  readonly index: number;
  readonly size: number;
}

/** What the metadata of a stored event says. */
export interface StoredFacts extends Pick<NewEvent, 'schemaVersion' | 'recordedAt' | 'link' | 'metadata'> {
  readonly place: CommitPlace;
}

/** Under which keys the engine keeps what KurrentDB has no field for. */
const KEYS = {
  link: 'chain_link',
  place: 'commit_place',
  recordedAt: 'recorded_at',
  schemaVersion: 'schema_version',
};
const OWN_KEYS = new Set(Object.values(KEYS));

/** Names that KurrentDB's own pages and projections know. */
const RENAMED = new Map([
  ['correlation_id', '$correlationId'],
  ['causation_id', '$causationId'],
]);
const RENAMED_BACK = new Map([...RENAMED].map(([own, servers]) => [servers, own]));

/** Before a key that would be taken for the server's or the engine's. */
const ESCAPE = '~';

/** The metadata of an event as it is stored: a flat map, since appends to several streams take nothing else. */
export function toStoredMetadata(event: NewEvent, { index, size }: CommitPlace): Metadata {
  const given = Object.entries(event.metadata).map(([key, value]) => [storedKey(key), value]);
  return Object.fromEntries([
    ...given,
    [KEYS.schemaVersion, String(event.schemaVersion)],
    [KEYS.recordedAt, String(event.recordedAt)],
    [KEYS.link, event.link],
    [KEYS.place, `${index}/${size}`],
  ]);
}

/** What stored metadata says; undefined where they are not of an event that this engine has written. */
export function fromStoredMetadata(text: string): StoredFacts | undefined {
  const stored = parsed(text);
  if (stored === undefined) return undefined;
  const [, index, size] = /^(\d+)\/(\d+)$/.exec(stored.get(KEYS.place) ?? '') ?? [];
  const link = stored.get(KEYS.link);
  const schemaVersion = Number(stored.get(KEYS.schemaVersion));
  const recordedAt = Number(stored.get(KEYS.recordedAt));
  const isWhole = index !== undefined && link !== undefined && schemaVersion > 0 && recordedAt >= 0;
  if (!isWhole) return undefined;
  const place = { index: Number(index), size: Number(size) };
  return { schemaVersion, recordedAt, link, place, metadata: givenMetadata(stored) };
}

function storedKey(key: string): string {
  const isTaken = key.startsWith('$') || key.startsWith(ESCAPE) || OWN_KEYS.has(key);
  return RENAMED.get(key) ?? (isTaken ? ESCAPE + key : key);
}

function givenMetadata(stored: ReadonlyMap<string, string>): Metadata {
  const given: [string, string][] = [];
  for (const [key, value] of stored) {
    const own = RENAMED_BACK.get(key);
    if (own !== undefined) given.push([own, value]);
    else if (key.startsWith(ESCAPE)) given.push([key.slice(ESCAPE.length), value]);
    // The server adds `$schema.name` and `$schema.format`.
    else if (!key.startsWith('$') && !OWN_KEYS.has(key)) given.push([key, value]);
  }
  return Object.fromEntries(given);
}

function parsed(text: string): ReadonlyMap<string, string> | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof stored !== 'object' || stored === null) return undefined;
  const entries = Object.entries(stored);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
  return new Map(entries);
}
