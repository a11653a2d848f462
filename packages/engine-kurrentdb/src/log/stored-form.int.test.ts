import { binaryEvent, jsonEvent, START, streamNameFilter } from '@kurrent/kurrentdb-client';
import { appendTo, commitOf, newEvent, withClaims } from '@openbank/eventsourcing/testing';
import { describe, expect, test } from 'vitest';
import { claimStream } from '../events/claim-event.ts';
import { openTestEventStore, type TestEventStore } from '../testing/test-event-store.ts';

/** As anybody else sees the stream: through the client's own reader. */
async function seenByOthers({ connection }: TestEventStore, stream: string) {
  const seen = [];
  for await (const { event } of connection.client.readStream(stream)) {
    if (event !== undefined) seen.push(event);
  }
  return seen;
}

async function idsIn({ store }: TestEventStore, prefixes?: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { events } of store.readAll(prefixes && { prefixes }))
    ids.push(...events.map(({ id }) => id));
  return ids;
}

const metadata = { correlation_id: 'c-1', causation_id: 'c-2', actor: 'someone' };
const deposit = () => newEvent({ type: 'MoneyDeposited', data: '{"amount":"12.50"}', metadata });

describe('what others see in KurrentDB', () => {
  test.each([
    { what: 'one stream', others: 0 },
    { what: 'several streams', others: 1 },
  ])('of an append to $what: JSON with readable metadata, under the names as given', async ({ others }) => {
    const opened = await openTestEventStore();
    const event = deposit();
    const more = Array.from({ length: others }, (_, i) => appendTo(`account-${i + 2}`, 'no-stream'));
    await opened.store.append(commitOf(appendTo('account-1', 'no-stream', [event]), ...more));
    const [seen] = await seenByOthers(opened, 'account-1');
    expect(seen).toMatchObject({
      streamId: 'account-1',
      type: 'MoneyDeposited',
      id: event.id,
      isJson: true,
      data: { amount: '12.50' },
      metadata: {
        $correlationId: 'c-1',
        $causationId: 'c-2',
        actor: 'someone',
        schema_version: '1',
        recorded_at: String(event.recordedAt),
        chain_link: event.link,
        commit_place: `0/${1 + others}`,
      },
    });
  });

  test('of a claim: a stream of its own with name, hash and events, before what it belongs to', async () => {
    const opened = await openTestEventStore();
    const commit = withClaims(commitOf(appendTo('account-1', 'no-stream', [deposit()])), 'idempotency/a/b');
    await opened.store.append(commit);
    const [claim] = await seenByOthers(opened, claimStream('idempotency/a/b'));
    const [event] = await seenByOthers(opened, 'account-1');
    expect(claim).toMatchObject({ type: 'ClaimTaken', data: commit.claims[0] });
    expect(claim?.position?.commit).toBeLessThan(event?.position?.commit ?? 0n);
  });

  test('of data that is no JSON: bytes', async () => {
    const opened = await openTestEventStore();
    await opened.store.append(commitOf(appendTo('account-1', 'no-stream', [newEvent({ data: 'no JSON' })])));
    const [seen] = await seenByOthers(opened, 'account-1');
    expect(seen?.isJson).toBe(false);
    expect(Buffer.from(seen?.data as Uint8Array).toString()).toBe('no JSON');
  });
});

describe('what is in KurrentDB beside the log', () => {
  test('never shows: claims, snapshots, metadata and links, not even to a prefix that they have', async () => {
    const opened = await openTestEventStore();
    const { store, connection } = opened;
    const commit = withClaims(commitOf(appendTo('claims-of-mine', 'no-stream', [deposit()])), 'key');
    const { position } = await store.append(commit);
    await connection.client.appendToStream('snapshot-account-1', jsonEvent({ type: 'Snapshot', data: {} }));
    await connection.client.setStreamMetadata('snapshot-account-1', { maxCount: 10 });
    await connection.client.appendToStream('$mine', jsonEvent({ type: 'System', data: {} }));
    const ids = commit.streams.flatMap(({ events }) => events.map(({ id }) => id));
    for (const prefixes of [undefined, [''], ['c'], ['claim', 's', '$'], ['claims-', 'claim-']])
      expect(await idsIn(opened, prefixes)).toEqual(ids);
    for (const prefixes of [['claim-'], ['snapshot-'], ['$'], []])
      expect(await idsIn(opened, prefixes)).toEqual([]);
    expect(await store.head()).toBe(position);
  });

  test('of other programs is passed over in the whole log, and is damage in a stream that was asked for', async () => {
    const opened = await openTestEventStore();
    const { store, connection } = opened;
    const { client } = connection;
    await client.appendToStream('orders-1', jsonEvent({ type: 'Ordered', data: {}, metadata: { a: '1' } }));
    await client.appendToStream('orders-1', binaryEvent({ type: 'Ordered', data: Buffer.from('x') }));
    await store.append(commitOf(appendTo('account-1', 'no-stream', [deposit()])));
    expect(await idsIn(opened)).toHaveLength(1);
    expect(await idsIn(opened, ['account-'])).toHaveLength(1);
    const damaged = { code: 'store-damaged', message: expect.stringContaining('Ordered at orders-1@0') };
    await expect(idsIn(opened, ['orders-'])).rejects.toMatchObject(damaged);
    await expect(store.readStream('orders-1')[Symbol.asyncIterator]().next()).rejects.toMatchObject(damaged);
  });
});

describe('streams that an operator has deleted', () => {
  test('are damage when they take up again where they were', async () => {
    const { store, connection } = await openTestEventStore();
    await store.append(commitOf(appendTo('account-1', 'no-stream', 2)));
    await connection.client.deleteStream('account-1');
    const again = store.append(commitOf(appendTo('account-1', 'no-stream')));
    await expect(again).rejects.toMatchObject({ code: 'store-damaged' });
  });

  test.each([
    { what: 'one stream', others: 0 },
    { what: 'several streams', others: 1 },
  ])('for ever refuse appends to $what and cannot be read', async ({ others }) => {
    const { store, connection } = await openTestEventStore();
    await store.append(commitOf(appendTo('account-1', 'no-stream', 2)));
    await connection.client.tombstoneStream('account-1');
    const more = Array.from({ length: others }, (_, i) => appendTo(`account-${i + 2}`, 'no-stream'));
    const append = store.append(commitOf(appendTo('account-1', 1), ...more));
    await expect(append).rejects.toMatchObject({ code: 'commit-refused' });
    const read = store.readStream('account-1')[Symbol.asyncIterator]().next();
    await expect(read).rejects.toMatchObject({ code: 'store-damaged' });
  });

  test('leave no hole in the log: their tombstone is passed over', async () => {
    const opened = await openTestEventStore();
    await opened.store.append(commitOf(appendTo('account-1', 'no-stream', 2)));
    await opened.connection.client.tombstoneStream('account-1');
    await opened.store.append(commitOf(appendTo('account-2', 'no-stream')));
    expect(await idsIn(opened, ['account-'])).toHaveLength(3);
  });
});

describe('names', () => {
  test.each(['claim-x', 'snapshot-x'])(
    'of streams such as %s are the engine’s own, and refused',
    async (stream) => {
      const { store } = await openTestEventStore();
      const append = store.append(commitOf(appendTo(stream, 'no-stream')));
      await expect(append).rejects.toMatchObject({ code: 'commit-refused' });
    },
  );

  test('that differ in case alone cannot be in one commit, since the server takes them for one', async () => {
    const { store } = await openTestEventStore();
    const append = store.append(
      commitOf(appendTo('account-a', 'no-stream'), appendTo('account-A', 'no-stream')),
    );
    await expect(append).rejects.toMatchObject({ code: 'commit-refused' });
    await store.append(commitOf(appendTo('account-a', 'no-stream')));
    await store.append(commitOf(appendTo('account-A', 'no-stream')));
  });
});

test('a commit that a prefix shows in part is on one page with all that it shows', async () => {
  const { store } = await openTestEventStore();
  for (let i = 0; i < 30; i++) {
    await store.append(
      commitOf(
        appendTo(`a-${i}`, 'no-stream', 40),
        appendTo(`hidden-${i}`, 'no-stream', 3),
        appendTo(`b-${i}`, 'no-stream', 9),
      ),
    );
  }
  let count = 0;
  for await (const { events } of store.readAll({ prefixes: ['a-', 'b-'] })) {
    expect(events.length % 49).toBe(0);
    count += events.length;
  }
  expect(count).toBe(30 * 49);
});

test('what commands read does not go through the client’s own readers, which stall', async () => {
  const { store, connection } = await openTestEventStore();
  await store.append(commitOf(appendTo('account-1', 'no-stream')));
  for (const name of ['readStream', 'readAll', 'subscribeToAll'])
    Object.defineProperty(connection.client, name, { value: () => expect.unreachable(name) });
  for await (const page of store.readStream('account-1')) expect(page).toHaveLength(1);
  expect(await store.claim('key')).toBeUndefined();
  for await (const message of store.subscribe()) if (message.kind === 'caught-up') break;
});

test('a filter of the client sees the streams of the bank alone', async () => {
  const { store, connection } = await openTestEventStore();
  await store.append(withClaims(commitOf(appendTo('account-1', 'no-stream', [deposit()])), 'key'));
  const names: (string | undefined)[] = [];
  const filter = streamNameFilter({ prefixes: ['account-'] });
  for await (const { event } of connection.client.readAll({ fromPosition: START, filter }))
    names.push(event?.streamId);
  expect(names).toEqual(['account-1']);
});
