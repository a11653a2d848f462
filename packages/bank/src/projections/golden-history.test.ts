import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Document, decodeEvent, type ProjectedEvent, type Projection } from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import { projections } from './all.ts';
import history from './golden/history.json' with { type: 'json' };

/**
 * The golden files hold what each version of a projection has made of a recorded history. Never change one that was
 * released: raise the version and keep the new result in a new file, so that read models are built anew.
 */
test.each(projections)(
  'version $version of $name makes of the recorded history what it always made',
  (projection) => {
    const golden = new URL(`./golden/${projection.name}.v${projection.version}.json`, import.meta.url);
    const documents = folded(projection).map(({ id, revision, fields }) => ({ id, revision, fields }));
    const result = JSON.stringify({ schema: schemaHash(projection), documents }, withIntegers, 2);
    const advice = `Raise the version of ${projection.name}, keep the old one as its "previous", so that it serves meanwhile, and keep this in the file of its version:\n${result}`;
    const kept: unknown = existsSync(golden) ? JSON.parse(readFileSync(golden, 'utf8')) : 'no file yet';
    expect(JSON.parse(result), advice).toEqual(kept);
  },
);

/** Events that the history had when the versions that are now the previous ones were released. */
const EVENTS_THEN = 21;

test.each(projections.flatMap(({ previous }) => previous?.projection ?? []))(
  'version $version of $name, which serves until the new one is filled, makes what it always made',
  (projection) => {
    const golden = new URL(`./golden/${projection.name}.v${projection.version}.json`, import.meta.url);
    const documents = folded(projection, EVENTS_THEN).map(({ id, revision, fields }) => ({
      id,
      revision,
      fields,
    }));
    const result = JSON.stringify({ schema: schemaHash(projection), documents }, withIntegers);
    expect(JSON.parse(result)).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  },
);

test.each(projections.filter(({ previous }) => previous !== undefined))(
  'a document of the version before $name shows all that the new one shows of events of then',
  (projection) => {
    const before = projection.previous;
    if (before === undefined) return;
    const upgraded = folded(before.projection, EVENTS_THEN).map(({ fields }) => before.upgraded(fields));
    const now = folded(projection, EVENTS_THEN).map(({ fields }) => fields);
    for (const [at, fields] of upgraded.entries()) expect(now[at]).toMatchObject(known(fields));
  },
);

/** The fields that the old version could know. */
function known(fields: Document['fields']): Document['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function folded(projection: Projection, most = history.length): readonly Document[] {
  const documents = new Map<string, Document>();
  for (const event of eventsOf(projection, most)) {
    expect(projection.eventTypes).toContain(event.event.type);
    for (const id of projection.documentIds(event)) {
      const before = documents.get(id);
      const fields = projection.evolve(before?.fields, event, id);
      const revision = projection.order === 'log' ? (before?.revision ?? 0) + 1 : event.revision;
      if (fields === undefined) documents.delete(id);
      else documents.set(id, { id, revision, fields });
    }
  }
  return [...documents.values()];
}

function eventsOf({ streamPrefix }: Projection, most: number): readonly ProjectedEvent[] {
  return history
    .slice(0, most)
    .filter(({ stream }) => stream.startsWith(streamPrefix))
    .map(({ data, type, ...rest }) => ({
      ...rest,
      event: decodeEvent({ id: rest.id, type, data: JSON.stringify(data) }),
      aggregateId: rest.stream.slice(streamPrefix.length),
    }));
}

function schemaHash({ fields, indexes }: Projection): string {
  return hash('sha256', JSON.stringify({ fields, indexes }));
}

function withIntegers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
