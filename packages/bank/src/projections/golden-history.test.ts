import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Document, decodeEvent, type ProjectedEvent, type Projection } from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import { accounts } from './accounts.ts';
import history from './golden/history.json' with { type: 'json' };
import { persons } from './persons.ts';

/**
 * The golden files hold what each version of a projection has made of a recorded history. Never change one that was
 * released: raise the version and keep the new result in a new file, so that read models are built anew.
 */
test.each([persons, accounts])(
  'version $version of $name makes of the recorded history what it always made',
  (projection) => {
    const golden = new URL(`./golden/${projection.name}.v${projection.version}.json`, import.meta.url);
    const documents = folded(projection).map(({ id, revision, fields }) => ({ id, revision, fields }));
    const result = JSON.stringify({ schema: schemaHash(projection), documents }, withIntegers, 2);
    const advice = `Raise the version of ${projection.name} and keep this in a new file:\n${result}`;
    expect(JSON.parse(result), advice).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  },
);

function folded(projection: Projection): readonly Document[] {
  const documents = new Map<string, Document>();
  for (const event of eventsOf(projection)) {
    const id = projection.documentId(event);
    expect(projection.eventTypes).toContain(event.event.type);
    if (id === undefined) continue;
    const fields = projection.evolve(documents.get(id)?.fields, event);
    if (fields === undefined) documents.delete(id);
    else documents.set(id, { id, revision: event.revision, fields });
  }
  return [...documents.values()];
}

function eventsOf({ streamPrefix }: Projection): readonly ProjectedEvent[] {
  return history
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
