import { once } from 'node:events';
import {
  type AllStreamSubscription,
  END,
  NO_STREAM,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test, vi } from 'vitest';
import { asksServer, event, events } from './questions.ts';

const server = asksServer();

const append = async (name: string, count = 1) =>
  (await server.client().appendToStream(server.stream(name), events(count))).position as Position;
const ofStream = (name: string) => streamNameFilter({ prefixes: [server.stream(name)] });

/** What a subscription has told so far: `confirmed`, events as `name@revision`, `caught up`, errors. */
const heard = (subscription: StreamSubscription | AllStreamSubscription) => {
  const told: unknown[] = [];
  const plain = (name = '') => name.replace(server.stream(''), '');
  subscription.on('confirmation', () => told.push('confirmed'));
  subscription.on('data', ({ event: found }: { event?: { streamId: string; revision: bigint } }) =>
    told.push(`${plain(found?.streamId)}@${found?.revision}`),
  );
  subscription.on('error', (error: Error & { type?: string; code?: number }) =>
    told.push([error.type, error.code]),
  );
  return told;
};

const ofAll = (options: Parameters<ReturnType<typeof server.client>['subscribeToAll']>[0]) =>
  server.client().subscribeToAll(options);
const ofOne = (name: string, fromRevision: bigint | typeof START | typeof END) =>
  server.client().subscribeToStream(server.stream(name), { fromRevision });

const caughtUp = async (subscription: StreamSubscription | AllStreamSubscription) =>
  (await once(subscription, 'caughtUp'))[0];

const until = (told: unknown[], ...ending: unknown[]) =>
  vi.waitFor(() => expect(told.slice(-ending.length)).toEqual(ending), { timeout: 10_000, interval: 10 });

describe('a subscription to a stream', () => {
  it.each<[string, bigint | typeof START | typeof END, unknown[], unknown]>([
    ['from the start gets everything', START, ['one@0', 'one@1', 'one@2'], 2n],
    ['from a revision gets what follows it', 1n, ['one@2'], 2n],
    ['from the end gets nothing that was there', END, [], 2n],
  ])('%s, then what is new, and says where it has caught up', async (title, from, before, revision) => {
    const name = title;
    await append(name, 3);
    const subscription = ofOne(name, from);
    const told = heard(subscription);
    expect(await caughtUp(subscription)).toMatchObject({ date: expect.any(Date), revision });
    await append(name);
    const expected = [...before, 'one@3'].map((entry) => String(entry).replace('one', name));
    await until(told, 'confirmed', ...expected);
    await subscription.unsubscribe();
  });

  test('of a stream that is not there waits for it', async () => {
    const subscription = ofOne('late', START);
    const told = heard(subscription);
    expect(await caughtUp(subscription)).not.toHaveProperty('revision');
    await append('late');
    await until(told, 'confirmed', 'late@0');
    await subscription.unsubscribe();
  });

  test('from behind the end waits until the stream comes there', async () => {
    await append('short');
    const subscription = ofOne('short', 2n);
    const told = heard(subscription);
    expect(await caughtUp(subscription)).toMatchObject({ revision: 2n });
    await append('short', 3);
    await until(told, 'confirmed', 'short@3');
    await subscription.unsubscribe();
  });

  test('leaves out what metadata hides, and what was deleted', async () => {
    await append('counted', 3);
    await server.client().setStreamMetadata(server.stream('counted'), { maxCount: 1 });
    await append('deleted', 2);
    await server.client().deleteStream(server.stream('deleted'));
    for (const [name, revision] of [
      ['counted', 3n],
      ['deleted', 2n],
    ] as const) {
      const subscription = ofOne(name, START);
      const told = heard(subscription);
      await caughtUp(subscription);
      await append(name);
      const kept = name === 'counted' ? ['counted@2'] : [];
      await until(told, 'confirmed', ...kept, `${name}@${revision}`);
      await subscription.unsubscribe();
    }
  });

  test('goes on over a soft delete', async () => {
    await append('revived', 2);
    const subscription = ofOne('revived', START);
    const told = heard(subscription);
    await caughtUp(subscription);
    await server.client().deleteStream(server.stream('revived'));
    await append('revived');
    await until(told, 'confirmed', 'revived@0', 'revived@1', 'revived@2');
    await subscription.unsubscribe();
  });

  test('of a tombstoned stream is refused before it is confirmed', async () => {
    await append('tomb');
    await server.client().tombstoneStream(server.stream('tomb'));
    const told = heard(ofOne('tomb', START));
    await until(told, ['stream-deleted', 9]);
    expect(told).toHaveLength(1);
  });

  test('gets the tombstone, then the error, when the stream is tombstoned meanwhile', async () => {
    await append('dying');
    const subscription = ofOne('dying', START);
    const told = heard(subscription);
    await caughtUp(subscription);
    await server.client().tombstoneStream(server.stream('dying'));
    await until(told, 'confirmed', 'dying@0', 'dying@9223372036854775807', ['stream-deleted', 9]);
  });
});

describe('a subscription to $all', () => {
  test('from a position gets what follows it, and says where it has caught up', async () => {
    const position = await append('at-1');
    await append('at-2');
    const subscription = ofAll({ fromPosition: position, filter: ofStream('at-') });
    const told = heard(subscription);
    expect(await caughtUp(subscription)).toMatchObject({
      position: { commit: expect.any(BigInt), prepare: expect.any(BigInt) },
    });
    await until(told, 'confirmed', 'at-2@0');
    await subscription.unsubscribe();
  });

  test('from (commit, 0) gets the event at that position too', async () => {
    const { commit } = await append('zero');
    const subscription = ofAll({ fromPosition: { commit, prepare: 0n }, filter: ofStream('zero') });
    await until(heard(subscription), 'confirmed', 'zero@0');
    await subscription.unsubscribe();
  });

  test('from the middle of a commit gets the rest of it', async () => {
    await server.client().multiStreamAppend(
      ['mid-1', 'mid-2'].map((name) => ({
        streamName: server.stream(name),
        expectedState: NO_STREAM,
        events: events(2),
      })),
    );
    const first = ofAll({ fromPosition: START, filter: ofStream('mid-') });
    const [{ event: found }] = await once(first, 'data');
    await first.unsubscribe();
    const rest = ofAll({ fromPosition: found.position, filter: ofStream('mid-') });
    await until(heard(rest), 'confirmed', 'mid-1@1', 'mid-2@0', 'mid-2@1');
    await rest.unsubscribe();
  });

  test('from between two events is confirmed and then ends with an error', async () => {
    const { commit } = await append('between');
    const at = { commit: commit - 3n, prepare: commit - 3n };
    await until(heard(ofAll({ fromPosition: at, filter: ofStream('between') })), 'confirmed', ['unknown', 3]);
  });

  test('with a filter that is no regular expression ends with an error', async () => {
    await until(heard(ofAll({ filter: streamNameFilter({ regex: '([' }) })), ['unknown', 2]);
  });

  test('takes several prefixes, or a regular expression', async () => {
    await append('pick-1');
    await append('skip-1');
    await append('pick-2');
    const prefixes = [server.stream('pick-1'), server.stream('pick-2')];
    for (const filter of [
      streamNameFilter({ prefixes }),
      streamNameFilter({ regex: `^${server.stream('pick-')}[0-9]$` }),
    ]) {
      const subscription = ofAll({ fromPosition: START, filter });
      await until(heard(subscription), 'confirmed', 'pick-1@0', 'pick-2@0');
      await subscription.unsubscribe();
    }
  });

  test('without a filter gets metadata and tombstones as well', async () => {
    const start = await append('system');
    await server.client().setStreamMetadata(server.stream('system'), { maxCount: 1 });
    await server.client().tombstoneStream(server.stream('system'));
    const subscription = ofAll({ fromPosition: start });
    const types: string[] = [];
    subscription.on('data', ({ event: found }) => types.push(found?.type ?? ''));
    await vi.waitFor(() => expect(types).toEqual(expect.arrayContaining(['$metadata', '$streamDeleted'])));
    await subscription.unsubscribe();
  });

  test('gets six thousand events in order although its reader is slow', async () => {
    const subscription = ofAll({ fromPosition: END, filter: ofStream('many') });
    await caughtUp(subscription);
    const batches = Array.from({ length: 60 }, () => events(100));
    await Promise.all(batches.map((batch) => server.client().appendToStream(server.stream('many'), batch)));
    const revisions: bigint[] = [];
    for await (const { event: found } of subscription) {
      revisions.push(found?.revision ?? -1n);
      if (revisions.length === 6000) break;
    }
    expect(revisions).toEqual(Array.from({ length: 6000 }, (_, n) => BigInt(n)));
  });

  test('a client that unsubscribes hears the end, and no error', async () => {
    const subscription = ofAll({ fromPosition: END, filter: ofStream('bye') });
    const told = heard(subscription);
    await caughtUp(subscription);
    const closed = once(subscription, 'close');
    await subscription.unsubscribe();
    await closed;
    await server.client().appendToStream(server.stream('bye'), event(0));
    expect(told).toEqual(['confirmed']);
  });
});
