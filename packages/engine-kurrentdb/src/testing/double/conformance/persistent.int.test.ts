import {
  DISPATCH_TO_SINGLE,
  PINNED,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test, vi } from 'vitest';
import { type Answer, type Found, groupsOf, type Settings, until } from './consumers.ts';
import { asksServer, event } from './questions.ts';

const server = asksServer();
const { append, create, info, parked, consume } = groupsOf(server);

describe('a persistent subscription', () => {
  const none = { type: 'persistent-subscription-does-not-exist', code: 5 };

  test('is made once, also for a stream that is not there yet', async () => {
    await create('made');
    expect(await server.outcome(create('made'))).toMatchObject({
      type: 'persistent-subscription-exists',
      code: 6,
      stream: 'made',
    });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['described', () => info('none')],
    ['deleted', () => server.client().deletePersistentSubscriptionToStream(server.stream('none'), 'g')],
    ['replayed', () => server.client().replayParkedMessagesToStream(server.stream('none'), 'g')],
    ['listed', () => server.client().listPersistentSubscriptionsToStream(server.stream('none'))],
  ])('that does not exist is not %s', async (_title, ask) => {
    expect(await server.outcome(ask())).toMatchObject(none);
  });

  test('that does not exist has no consumers', async () => {
    await until((await consume('nobody')).told, 'persistent-subscription-does-not-exist');
  });

  test('is described with its settings', async () => {
    await create('described', { maxRetryCount: 3 });
    const { settings, status } = await info('described');
    expect({ status, ...settings }).toMatchObject({
      status: 'Live',
      startFrom: START,
      maxRetryCount: 3,
      messageTimeout: 30_000,
      consumerStrategyName: 'RoundRobin',
      maxSubscriberCount: 'unbounded',
    });
  });

  it.each<[string, Settings, string[]]>([
    ['at the start', { startFrom: START }, ['0', '1', '2']],
    ['at a revision, which it includes', { startFrom: 1n }, ['1', '2']],
    ['at the end, by default', { startFrom: 'end' }, ['2']],
    ['behind the end: it waits', { startFrom: 10n }, []],
  ])('begins %s', async (title, settings, wanted) => {
    await append(title, 2);
    await create(title, settings);
    await append(title);
    const consumer = await consume(title);
    await until(consumer.told, ...wanted);
    await consumer.leave();
  });

  test('delivers once what is acknowledged', async () => {
    await append('once', 3);
    await create('once');
    const first = await consume('once');
    await until(first.told, '0', '1', '2');
    await vi.waitFor(async () => expect((await info('once')).stats.totalInFlightMessages).toBe(0));
    await first.leave();
    const second = await consume('once');
    await append('once');
    await until(second.told, '3');
    await second.leave();
  });

  test('delivers again, as one try more, what a consumer left behind', async () => {
    await append('left', 6);
    await create('left');
    const first = await consume('left', async () => {}, 2);
    await until(first.told, '0', '1');
    await first.leave();
    await vi.waitFor(async () => expect((await info('left')).connections).toHaveLength(0));
    const second = await consume('left');
    await until(second.told, '0 r1', '1 r1', '2', '3', '4', '5');
    await second.leave();
  });

  test('tries again what is not acknowledged in time, and parks it after the last try', async () => {
    await append('slow');
    await create('slow', { messageTimeout: 100, maxRetryCount: 2 });
    const consumer = await consume('slow', async () => {});
    await until(consumer.told, '0', '0 r1', '0 r2');
    await vi.waitFor(async () => expect(await parked('slow')).toBe(1n), { timeout: 10_000 });
    await consumer.leave();
  });

  test('tries again what is refused for now, behind what was sent meanwhile', async () => {
    await append('retried', 3);
    await create('retried', { maxRetryCount: 1 });
    const refuseFirst: Answer = (subscription, found) =>
      found.event?.revision === 0n ? subscription.nack('retry', 'later', found) : subscription.ack(found);
    const consumer = await consume('retried', refuseFirst);
    await until(consumer.told, '0', '1', '2', '0 r1');
    await vi.waitFor(async () => expect(await parked('retried')).toBe(1n));
    await consumer.leave();
  });

  it.each(['skip', 'stop'] as const)('forgets what is answered with %s', async (action) => {
    await append(action, 2);
    await create(action);
    const consumer = await consume(action, (subscription, found) => subscription.nack(action, 'x', found));
    await until(consumer.told, '0', '1');
    expect(await parked(action)).toBe(0n);
    await consumer.leave();
  });

  test('knows no answer to events that the consumer does not hold', async () => {
    await append('strange');
    await create('strange');
    const consumer = await consume('strange', async (subscription, found) => {
      await subscription.ack({ ...found, event: { ...event(0), ...found.event, id: event(0).id } } as Found);
      await subscription.ack(found);
      await subscription.ack(found);
    });
    await append('strange');
    await until(consumer.told, '0', '1');
    await consumer.leave();
  });

  test('leaves out what metadata hides', async () => {
    await append('hidden', 3);
    await server.client().setStreamMetadata(server.stream('hidden'), { maxCount: 1 });
    await create('hidden');
    const consumer = await consume('hidden');
    await until(consumer.told, '2');
    await consumer.leave();
  });
});

describe('several consumers', () => {
  it.each<[string, Settings, number[]]>([
    ['share the events in turn', {}, [3, 3]],
    ['leave them to one as long as it has room', { consumerStrategyName: DISPATCH_TO_SINGLE }, [0, 6]],
    ['keep a stream with one of them', { consumerStrategyName: PINNED }, [0, 6]],
  ])('%s', async (title, settings, counts) => {
    await create(title, settings);
    const [one, two] = [await consume(title), await consume(title)];
    for (let n = 0; n < 6; n += 1) await append(title);
    await vi.waitFor(() => expect(one.told.length + two.told.length).toBe(6));
    expect([one.told.length, two.told.length].sort()).toEqual(counts);
    await one.leave();
    await two.leave();
  });

  test('are no more than allowed', async () => {
    await create('full', { maxSubscriberCount: 1 });
    const one = await consume('full');
    await until((await consume('full')).told, 'maximum-subscribers-reached');
    await one.leave();
  });

  it.each<[string, (name: string) => Promise<void>]>([
    [
      'changed',
      (name) =>
        server
          .client()
          .updatePersistentSubscriptionToStream(
            server.stream(name),
            'g',
            persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, maxRetryCount: 3 }),
          ),
    ],
    ['deleted', (name) => server.client().deletePersistentSubscriptionToStream(server.stream(name), 'g')],
  ])('are dropped when the subscription is %s', async (title, change) => {
    await create(title);
    const { told } = await consume(title);
    await change(title);
    await until(told, 'persistent-subscription-dropped');
  });
});
