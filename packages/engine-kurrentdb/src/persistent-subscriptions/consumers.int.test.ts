import { describe, expect, test } from 'vitest';
import { connect } from '../connection/connect.ts';
import { append, collecting, consuming, DONE, eventually, fresh, useServer } from '../testing/consumers.ts';
import { startKurrentDouble } from '../testing/index.ts';
import { openPersistentSubscription } from './persistent-subscription.ts';

const used = useServer();

describe('a consumer of a persistent subscription', () => {
  test('reconnects when the server has dropped its consumers', async () => {
    const { subscription, stream, group } = await fresh(used.connection);
    const { revisions, handle } = collecting();
    const { outages } = consuming(subscription, handle);
    await append(used.connection, stream, 1);
    await eventually(revisions).toEqual([0]);
    await used.connection.client.updatePersistentSubscriptionToAll(group, {
      ...(await used.connection.client.getPersistentSubscriptionToAllInfo(group)).settings,
    });
    await eventually(() => outages.length).toBeGreaterThan(0);
    await append(used.connection, stream, 1, 0);
    await eventually(revisions).toContain(1);
  });

  test('sits out an outage of the server', async () => {
    const double = await startKurrentDouble();
    const own = await connect(double.connectionString);
    const wanted = { group: 'letters', prefixes: ['shelf-'], startFrom: 'start' } as const;
    const { revisions, handle } = collecting();
    const { outages, stop } = consuming(await openPersistentSubscription(own, wanted), handle);
    await append(own, 'shelf-1', 1, -1);
    await eventually(revisions).toEqual([0]);
    await double.goDown();
    await eventually(() => outages.length).toBeGreaterThan(1);
    await double.comeBack();
    await eventually(() =>
      append(own, 'shelf-1', 1, 0).then(
        () => true,
        () => false,
      ),
    ).toBe(true);
    await eventually(revisions).toContain(1);
    await stop();
    await own.close();
    await double.stop();
  });

  test('that the server ends without an error, again and again, is taken up after a pause', async () => {
    const double = await startKurrentDouble();
    const own = await connect(double.connectionString);
    const wanted = { group: 'letters', prefixes: ['shelf-'], startFrom: 'start' } as const;
    const subscription = await openPersistentSubscription(own, wanted);
    let calls = 0;
    Object.defineProperty(own.client, 'execute', { value: async () => void calls++, configurable: true });
    const { outages, stop } = consuming(subscription, collecting().handle);
    await eventually(() => outages.length).toBeGreaterThan(2);
    // Twice as long each time, from 50 to 100 ms on.
    expect(calls).toBeLessThan(6);
    await stop();
    await own.close();
    await double.stop();
  });

  test('fails when it has been deleted: made again, it would repeat every effect', async () => {
    const { subscription, group } = await fresh(used.connection);
    const { ended } = consuming(subscription, collecting().handle);
    const failed = expect(ended).rejects.toMatchObject({ code: 'store-misconfigured' });
    await eventually(
      async () => (await used.connection.client.getPersistentSubscriptionToAllInfo(group)).connections.length,
    ).toBe(1);
    await used.connection.client.deletePersistentSubscriptionToAll(group);
    await failed;
  });

  test('gives what a consumer that went had not handled to another, as a retry', async () => {
    const { wanted, stream } = await fresh(used.connection);
    await append(used.connection, stream, 3);
    const gone = await connect(used.server.connectionString);
    const { promise: never, resolve: release } = Promise.withResolvers<void>();
    const begun: number[] = [];
    const { ended } = consuming(await openPersistentSubscription(gone, wanted), async ({ event }) => {
      begun.push(event.revision);
      await never;
      return DONE;
    });
    const failed = expect(ended).rejects.toMatchObject({ code: 'store-unavailable' });
    await eventually(() => begun).toEqual([0, 1, 2]);
    await gone.close();
    const { seen, handle } = collecting();
    consuming(await openPersistentSubscription(used.connection, wanted), handle);
    const seenSo = () => seen.map(({ event, retries }) => [event.revision, retries]).sort();
    await eventually(seenSo).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    release();
    await failed;
  });

  test('ends when it is told to, after what is under way', async () => {
    const { subscription, stream } = await fresh(used.connection);
    await append(used.connection, stream, 1);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let isHandled = false;
    const { stop } = consuming(subscription, async () => {
      begin();
      await released;
      isHandled = true;
      return DONE;
    });
    await begun;
    const stopped = stop();
    release();
    await stopped;
    expect(isHandled).toBe(true);
    const again = collecting();
    consuming(subscription, again.handle);
    await append(used.connection, stream, 1, 0);
    await eventually(() => again.revisions()).toContain(1);
    expect(again.seen.filter(({ retries }) => retries === 0).map(({ event }) => event.revision)).toEqual([1]);
  });
});
