import { randomBytes } from 'node:crypto';
import {
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryLeaseStore,
  createMemoryReadModelStore,
  createProgress,
  createRepository,
  createVault,
  type EventReader,
  followProgress,
  type LeaseStore,
  type ReadModelStore,
  runLeasedProjections,
  waitUntil,
} from '@openbank/eventsourcing';
import { expect, onTestFinished, test } from 'vitest';
import { bookAggregate, lend, loans, newContext } from './library.ts';

// A library that many processes project, for docs/kit.md.

interface Shared {
  readonly log: EventReader;
  readonly models: ReadModelStore;
  readonly leases: LeaseStore;
}

/** One of any number of processes that keep the loans up with the log, until the signal. */
function project({ log, models, leases }: Shared, holder: string, signal: AbortSignal): Promise<void> {
  return runLeasedProjections({
    reader: log,
    store: models,
    leases,
    projections: [loans],
    // Of this process at this start, and of no other.
    holder,
    signal,
  });
}

test('a library is projected by several processes, whoever of them ends', async () => {
  const log = createMemoryEventStore();
  const models = createMemoryReadModelStore({ partitions: 4 });
  const shared = { log, models, leases: createMemoryLeaseStore() };
  const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: randomBytes(32) });
  const repository = createRepository({ store: log, vault });
  const progress = createProgress();
  const ending = new AbortController();
  const following = followProgress({
    reader: models,
    log,
    projections: [loans],
    progress,
    signal: ending.signal,
  });

  const lendBook = async (id: string) => {
    const { position } = await repository.execute(
      {
        on: [{ aggregate: bookAggregate, id }],
        decide: ([book]) => [lend(book, 'Ada')],
        answer: () => undefined,
      },
      newContext(),
    );
    return position;
  };
  const booksOfAda = async (position: string) => {
    await waitUntil(progress, [loans], position, 10_000);
    const { documents } = await models.find(loans, { where: { lent_to: 'Ada' }, limit: 10 });
    return documents.map(({ id }) => id);
  };

  const first = new AbortController();
  const projecting = [project(shared, 'one', first.signal), project(shared, 'two', ending.signal)];
  onTestFinished(async () => {
    first.abort();
    ending.abort();
    await Promise.all([...projecting, following]);
  });
  await lendBook('dune');
  expect(await booksOfAda(await lendBook('emma'))).toEqual(['dune', 'emma']);

  first.abort();
  const position = await lendBook('ulysses');
  await waitUntil(progress, [loans], position, 10_000, 'book-ulysses');
  expect(await booksOfAda(position)).toEqual(['dune', 'emma', 'ulysses']);
});
