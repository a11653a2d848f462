import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '../event.ts';
import type { EventStore, ExpectedRevision } from '../event-store/event-store.ts';
import type { ProjectedEvent, Projection } from '../projections/projection.ts';
import type { FieldValue } from '../projections/read-model-store.ts';
import { newEvent } from './event-factory.ts';

/** A little domain to test projections with: crates arrive in a store, are weighed, and leave. */
export type CrateEvent =
  | DomainEvent<'CrateArrived', { readonly owner: string }>
  | DomainEvent<'CrateWeighed', { readonly grams: string }>
  | DomainEvent<'CrateLeft', Record<string, never>>;

export const arrived = (owner: string): CrateEvent => ({ type: 'CrateArrived', data: { owner } });
export const weighed = (grams: bigint): CrateEvent => ({
  type: 'CrateWeighed',
  data: { grams: String(grams) },
});
export const left = (): CrateEvent => ({ type: 'CrateLeft', data: {} });

const EVENT_TYPES: readonly string[] = [
  'CrateArrived',
  'CrateWeighed',
  'CrateLeft',
] satisfies CrateEvent['type'][];

/** One document a crate. It is deleted when the crate leaves. */
export const CRATES: Projection = {
  name: 'crates',
  version: 1,
  fields: { owner: 'text', grams: 'integer', weighings: 'json', changed_at: 'integer' },
  indexes: [['owner'], ['owner', 'grams']],
  streamPrefix: 'crate-',
  eventTypes: EVENT_TYPES,
  creates: ['CrateArrived'],
  documentIds: (event) => [event.aggregateId],
  evolve(fields, projected) {
    const event = crateEvent(projected);
    const changed_at = BigInt(projected.recordedAt);
    switch (event.type) {
      case 'CrateArrived':
        return { owner: event.data.owner, grams: 0n, weighings: 0, changed_at };
      case 'CrateWeighed':
        return {
          ...fields,
          grams: integer(fields?.grams) + BigInt(event.data.grams),
          weighings: Number(fields?.weighings ?? 0) + 1,
          changed_at,
        };
      case 'CrateLeft':
        return undefined;
      default:
        return event satisfies never;
    }
  },
};

/** A later version of the crates: it knows their weight in kilograms too. */
export function cratesVersion(version: number): Projection {
  if (version === 1) return CRATES;
  return {
    ...CRATES,
    version,
    fields: { ...CRATES.fields, kilograms: 'integer' },
    evolve(fields, event, documentId) {
      const next = CRATES.evolve(fields, event, documentId);
      return next && { ...next, kilograms: integer(next.grams) / 1000n };
    },
    previous: {
      projection: cratesVersion(version - 1),
      upgraded: (fields) => ({ ...fields, kilograms: integer(fields.grams) / 1000n }),
    },
  };
}

/** One document a weighing, fed by its only event. */
export const WEIGHINGS: Projection = {
  name: 'weighings',
  version: 1,
  fields: { crate: 'text', grams: 'integer' },
  indexes: [['crate']],
  streamPrefix: 'crate-',
  eventTypes: EVENT_TYPES,
  creates: ['CrateWeighed'],
  documentIds: ({ event, stream, revision }) =>
    event.type === 'CrateWeighed' ? [`${stream}@${String(revision).padStart(16, '0')}`] : [],
  evolve(_, projected) {
    const event = crateEvent(projected);
    if (event.type !== 'CrateWeighed') throw new Error(`${event.type} is no weighing`);
    return { crate: projected.aggregateId, grams: BigInt(event.data.grams) };
  },
};

/** A total for each event type, and one of all: documents that all crates feed. */
export const TOTALS: Projection = {
  name: 'totals',
  version: 1,
  order: 'log',
  fields: { events: 'integer', grams: 'integer', position: 'text' },
  indexes: [],
  streamPrefix: 'crate-',
  eventTypes: EVENT_TYPES,
  creates: EVENT_TYPES,
  documentIds: ({ event }) => [event.type, 'all'],
  evolve(fields, projected) {
    const event = crateEvent(projected);
    const { events, grams } = fields ?? { events: 0n, grams: 0n };
    const added = event.type === 'CrateWeighed' ? BigInt(event.data.grams) : 0n;
    return { events: integer(events) + 1n, grams: integer(grams) + added };
  },
};

function crateEvent({ event }: ProjectedEvent): CrateEvent {
  return event as CrateEvent;
}

function integer(value: FieldValue | undefined): bigint {
  if (typeof value !== 'bigint') throw new Error('the document has no weight');
  return value;
}

/** Appends events to streams of a store, keeping count of their revisions. */
export interface Recorder {
  record(stream: string, ...events: readonly DomainEvent[]): Promise<void>;
  /** Events of several streams in one commit. */
  recordTogether(...streams: readonly (readonly [stream: string, ...events: DomainEvent[]])[]): Promise<void>;
}

export function createRecorder(store: EventStore): Recorder {
  const revisions = new Map<string, number>();
  let recordedAt = 1_700_000_000_000_000;
  const expectedOf = (stream: string): ExpectedRevision => revisions.get(stream) ?? 'no-stream';
  const recordTogether: Recorder['recordTogether'] = async (...streams) => {
    const commit_id = randomUUID();
    let index = 0;
    const appends = streams.map(([stream, ...events]) => ({
      stream,
      expected: expectedOf(stream),
      events: events.map(({ type, data }) => {
        const metadata = { commit_id, commit_index: String(index++) };
        return newEvent({
          id: randomUUID(),
          type,
          data: JSON.stringify(data),
          recordedAt: recordedAt++,
          metadata,
        });
      }),
    }));
    await store.append({ streams: appends, claims: [] });
    for (const { stream, events } of appends) {
      revisions.set(stream, (revisions.get(stream) ?? -1) + events.length);
    }
  };
  return { recordTogether, record: (stream, ...events) => recordTogether([stream, ...events]) };
}
