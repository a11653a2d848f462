import { EventSourcingError } from '../errors.ts';
import type { Metadata } from '../event.ts';
import type { Claim, StreamRange } from '../event-store/event-store.ts';
import type { MovedCounts, MovedEvent, MovedItem } from './moved-item.ts';

/**
 * An item as JSON, in the words that all JSON of the outside has:
 *
 * - a commit: `{"events":[{"stream","revision","id","type","schema_version","recorded_at","data","metadata","link"}],
 *   "claims":[{"name","request_hash","events":[{"stream","first","last"}]}]}`; data is JSON text, to the byte
 * - a key: `{"key":"subject","wrapped":"base64"}`, of a destroyed one `{"key":"subject","wrapped":null}`
 * - a secret: `{"secret":"name","wrapped":"base64"}`
 * - the end: `{"end":{"events","commits","claims","keys"}}`
 */
export function toLine(item: MovedItem): string {
  switch (item.kind) {
    case 'commit': {
      const { events, claims } = item.commit;
      return JSON.stringify({ events: events.map(eventJson), claims: claims.map(claimJson) });
    }
    case 'key': {
      const { kind, name, wrapped } = item.entry;
      const bytes = wrapped === 'destroyed' ? null : Buffer.from(wrapped).toString('base64');
      return JSON.stringify({ [kind]: name, wrapped: bytes });
    }
    case 'end':
      return JSON.stringify({ end: item.counts });
    default:
      return item satisfies never;
  }
}

/** @throws EventSourcingError `export-damaged` - it has not the form of an item */
export function parsedLine(json: string, line: number): MovedItem {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) {
      if ('events' in value) return commitOf(value);
      if ('end' in value) return { kind: 'end', counts: countsOf(value.end) };
      if ('key' in value || 'secret' in value) return keyOf(value);
    }
  } catch {
    // Said below: what JSON makes of it would say no more.
  }
  throw new EventSourcingError('export-damaged', `Line ${line} is neither a commit nor a key nor the end.`);
}

function eventJson(event: MovedEvent) {
  const { stream, revision, id, type, schemaVersion, recordedAt, data, metadata, link } = event;
  return {
    stream,
    revision,
    id,
    type,
    schema_version: schemaVersion,
    recorded_at: recordedAt,
    data,
    metadata,
    link,
  };
}

function claimJson({ name, requestHash, events }: Claim) {
  const ranges = events.map(({ stream, first, last }) => ({ stream, first, last }));
  return { name, request_hash: requestHash, events: ranges };
}

type Fields = Readonly<Record<string, unknown>>;

function commitOf({ events, claims }: Fields): MovedItem {
  return { kind: 'commit', commit: { events: list(events).map(eventOf), claims: list(claims).map(claimOf) } };
}

function eventOf(value: unknown): MovedEvent {
  const fields = object(value);
  return {
    stream: text(fields.stream),
    revision: count(fields.revision),
    id: text(fields.id),
    type: text(fields.type),
    schemaVersion: count(fields.schema_version),
    recordedAt: count(fields.recorded_at),
    data: text(fields.data),
    metadata: metadataOf(fields.metadata),
    link: text(fields.link),
  };
}

function metadataOf(value: unknown): Metadata {
  const metadata: Record<string, string> = {};
  for (const [key, each] of Object.entries(object(value))) metadata[key] = text(each);
  return metadata;
}

function claimOf(value: unknown): Claim {
  const { name, request_hash, events } = object(value);
  return { name: text(name), requestHash: text(request_hash), events: list(events).map(rangeOf) };
}

function rangeOf(value: unknown): StreamRange {
  const { stream, first, last } = object(value);
  return { stream: text(stream), first: count(first), last: count(last) };
}

function keyOf({ key, secret, wrapped }: Fields): MovedItem {
  const bytes = wrapped === null ? 'destroyed' : Uint8Array.from(Buffer.from(text(wrapped), 'base64'));
  if (secret === undefined) return { kind: 'key', entry: { kind: 'key', name: text(key), wrapped: bytes } };
  if (bytes === 'destroyed') throw new TypeError('a secret is never destroyed');
  return { kind: 'key', entry: { kind: 'secret', name: text(secret), wrapped: bytes } };
}

function countsOf(value: unknown): MovedCounts {
  const { events, commits, claims, keys } = object(value);
  return { events: count(events), commits: count(commits), claims: count(claims), keys: count(keys) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Fields {
  if (!isObject(value)) throw new TypeError('an object was to come');
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('a list was to come');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text was to come');
  return value;
}

function count(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('a number was to come');
  return value;
}
