import {
  type Aggregate,
  createMemoryKeyStore,
  createMemoryReadModelStore,
  createRepository,
  createVault,
  type DomainEvent,
  type EventStore,
  type Execution,
  type Projection,
  type ProjectionNews,
  runProjections,
} from '@openbank/eventsourcing';
import { expect, onTestFinished, test } from 'vitest';
import { openTestEventStore } from '../testing/test-event-store.ts';
import { createKurrentEventStore } from './kurrent-event-store.ts';

type Counted = DomainEvent<'Counted', { readonly by: number }>;

const COUNTER: Aggregate<number, Counted> = {
  type: 'Counter',
  streamPrefix: 'counter-',
  eventTypes: ['Counted'],
  initialState: 0,
  evolve: (sum, { data }) => sum + data.by,
};

const LIMIT = 10;

function count(id: string): Execution<[{ aggregate: typeof COUNTER; id: string }], number> {
  return {
    on: [{ aggregate: COUNTER, id }],
    decide([sum]) {
      if (sum >= LIMIT) throw new Error('The counter is full.');
      return [[{ type: 'Counted', data: { by: 1 } }]];
    },
    answer: (events) => events.length,
  };
}

const COUNTERS: Projection = {
  name: 'counters',
  version: 1,
  fields: { sum: 'integer' },
  indexes: [],
  streamPrefix: 'counter-',
  eventTypes: ['Counted'],
  creates: ['Counted'],
  documentIds: (event) => [event.aggregateId],
  evolve: (fields) => ({ sum: BigInt(String(fields?.sum ?? 0)) + 1n }),
};

const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: new Uint8Array(32) });

let commands = 0;

function context(key?: string) {
  const id = `command-${++commands}`;
  const idempotency = key === undefined ? undefined : { claim: `idempotency/a/${key}`, requestHash: 'h' };
  return { commandId: id, correlationId: id, causationId: id, actor: 'a', idempotency };
}

async function sumOf(store: EventStore, id: string): Promise<number> {
  return (await Array.fromAsync(store.readStream(`counter-${id}`))).flat().length;
}

test('a command whose answer was lost is answered, and recorded once', async () => {
  const { store, double } = await openTestEventStore();
  const repository = createRepository({ store, vault });
  for (const key of ['one', undefined, 'two']) {
    double.faults.cutAfterCommit();
    expect(await repository.execute(count('1'), context(key))).toMatchObject({ answer: 1 });
  }
  for (const key of ['three', undefined]) {
    double.faults.cutBeforeCommit();
    expect(await repository.execute(count('1'), context(key))).toMatchObject({ answer: 1 });
  }
  expect(await sumOf(store, '1')).toBe(5);
  await repository.execute(count('1'), context('one'));
  expect(await sumOf(store, '1')).toBe(5);
});

test('two writers that share a counter never count past its limit, and none is refused before it is full', async () => {
  const { store, connection } = await openTestEventStore();
  const other = createKurrentEventStore(connection);
  onTestFinished(() => other.close());
  const repositories = [store, other].map((each) => createRepository({ store: each, vault }));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 24 }, (_, i) => repositories[i % 2]?.execute(count('1'), context(`key-${i}`))),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT);
  expect(await sumOf(store, '1')).toBe(LIMIT);
});

test('projections follow the log through restarts of the server, and show what it holds', async () => {
  const { store, double } = await openTestEventStore();
  const repository = createRepository({ store, vault });
  const models = createMemoryReadModelStore();
  const ending = new AbortController();
  const news: ProjectionNews[] = [];
  const run = runProjections({
    reader: store,
    store: models,
    projections: [COUNTERS],
    signal: ending.signal,
    onNews: (told) => void news.push(told),
  });
  for (let i = 0; i < 30; i++) {
    await repository.execute(count(String(i % 5)), context(`key-${i}`));
    if (i % 12 === 7) await double.restart();
  }
  const sums = async () =>
    (await models.find(COUNTERS, { limit: 10 })).documents.map(({ fields }) => fields.sum);
  await expect.poll(sums, { timeout: 20_000 }).toEqual([6n, 6n, 6n, 6n, 6n]);
  ending.abort();
  await run;
  expect(news.filter(({ kind }) => kind === 'stopped')).toEqual([]);
});
