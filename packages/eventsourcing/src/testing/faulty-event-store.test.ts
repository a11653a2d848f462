import { expect, test } from 'vitest';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { appendTo, commitOf, withClaims } from './event-factory.ts';
import { eventStoreContract } from './event-store-contract.ts';
import { eventsOf, logOf, refusalOf } from './event-store-harness.ts';
import { withFaults } from './faulty-event-store.ts';

eventStoreContract({
  name: 'a store without ordered faults',
  open: async () => {
    const store = withFaults(createMemoryEventStore());
    return { store, close: () => store.close() };
  },
});

const commit = () => withClaims(commitOf(appendTo('a', 'no-stream', 2)), 'key');

test('a refused append writes nothing, and the next one goes well', async () => {
  const store = withFaults(createMemoryEventStore());
  store.failAppends({ kind: 'refused', code: 'storage-full' });
  expect(await refusalOf(store.append(commit()))).toMatchObject({ code: 'storage-full' });
  expect(await logOf(store, '')).toEqual([]);
  await store.append(commit());
});

test('an append of unknown outcome is written or not, and its repeat finds out', async () => {
  for (const written of [true, false]) {
    const store = withFaults(createMemoryEventStore());
    const repeated = commit();
    store.failAppends({ kind: 'unknown', written });
    expect(await refusalOf(store.append(repeated))).toMatchObject({ code: 'outcome-unknown' });
    expect(await logOf(store, '')).toHaveLength(written ? 2 : 0);
    await store.append(repeated);
    expect(await logOf(store, '')).toHaveLength(2);
    expect(store.commits).toEqual([repeated, repeated]);
  }
});

test('an append can be held before it is written, or before it is answered', async () => {
  const store = withFaults(createMemoryEventStore());
  const { promise, resolve } = Promise.withResolvers<void>();
  store.failAppends({ kind: 'delayed', until: promise }, { kind: 'answered-late', until: promise });
  const answers: string[] = [];
  const delayed = store.append(commitOf(appendTo('a', 'no-stream'))).then(() => answers.push('a'));
  const late = store.append(commitOf(appendTo('b', 'no-stream'))).then(() => answers.push('b'));
  expect(await eventsOf(store.readStream('a'))).toHaveLength(0);
  expect(await eventsOf(store.readStream('b'))).toHaveLength(1);
  expect(answers).toEqual([]);
  resolve();
  await Promise.all([delayed, late]);
  expect(await eventsOf(store.readStream('a'))).toHaveLength(1);
});

test('looks-up fail as often as ordered', async () => {
  const store = withFaults(createMemoryEventStore());
  store.failLookups(2);
  expect(await refusalOf(store.claim('key'))).toMatchObject({ code: 'store-unavailable' });
  expect(await refusalOf(eventsOf(store.readStream('a')))).toMatchObject({ code: 'store-unavailable' });
  expect(await store.claim('key')).toBeUndefined();
});
