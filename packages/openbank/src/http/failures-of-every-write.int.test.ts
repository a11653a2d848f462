import {
  type ErrorCode,
  EventSourcingError,
  type EventStore,
  RevisionConflict,
} from '@openbank/eventsourcing';
import { afterAll, expect, it } from 'vitest';
import { openMemoryBank } from '../testing/memory-bank.ts';
import { documentOf, operationsOf } from '../testing/openapi/document.ts';
import { makeExistingFor } from '../testing/openapi/existing.ts';
import { exampleRequests, injectionOf } from '../testing/openapi/requests.ts';

/** What an append is answered with instead of being done. */
let failing: ((stream: string) => Error) | undefined;

function mayFail(store: EventStore): EventStore {
  return {
    ...store,
    async append(commit) {
      if (failing !== undefined) throw failing(commit.streams[0]?.stream ?? '');
      return store.append(commit);
    },
  };
}

const bank = await openMemoryBank({ wrap: mayFail, timeoutMs: 1_500 });
afterAll(() => bank.close());
const document = documentOf(bank.app);
const writes = operationsOf(document)
  .filter(({ name }) => !name.startsWith('GET '))
  .map((operation) => [operation.name, operation] as const);

const store = (code: ErrorCode) => () => new EventSourcingError(code, 'as the store says');

it.each(writes)('%s says of each failure of the store what it means', async (name, operation) => {
  expect(writes.length).toBeGreaterThan(15);
  const failures: readonly (readonly [typeof failing, object])[] = [
    [store('outcome-unknown'), { status: 503, code: 'outcome-unknown', resource_id: expect.any(String) }],
    [store('overloaded'), { status: 503, code: 'overloaded' }],
    [store('storage-full'), { status: 503, code: 'storage-full' }],
    [store('store-unavailable'), { status: 503, code: 'store-unavailable' }],
    [(stream) => new RevisionConflict(stream, 0, 7), { status: 409, code: 'conflict' }],
    [() => new Error('a fault'), { status: 500, code: 'internal-error', instance: expect.any(String) }],
  ];
  const [request] = exampleRequests(operation, document, await makeExistingFor(name, bank.app));
  if (request === undefined) throw new Error(`${name} has no example.`);
  const injection = injectionOf(operation, { ...request, query: {} });
  for (const [failure, told] of failures) {
    failing = failure;
    const answer = await bank.app.inject(injection);
    failing = undefined;
    const { mode, items = [] } = answer.json();
    // Of a batch of independent items, each is told by itself.
    const problem = mode === 'independent' ? items[0].problem : answer.json();
    expect(problem, answer.body).toMatchObject(told);
  }
  expect((await bank.app.inject(injection)).statusCode).toBeLessThan(300);
});
