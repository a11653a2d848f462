import {
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { describe, expect, test, vi } from 'vitest';
import { groupsOf, park, until } from './consumers.ts';
import { all, asksServer } from './questions.ts';

const server = asksServer();
const { append, create, parked, consume } = groupsOf(server);

describe('parked events', () => {
  const parkedStream = (name: string) => `$persistentsubscription-${server.stream(name)}::g-parked`;

  test('are links in a stream that can be read, with their reasons', async () => {
    await append('links', 2);
    await create('links');
    const consumer = await consume('links', park);
    await vi.waitFor(async () => expect(await parked('links')).toBe(2n));
    await consumer.leave();
    const links = await all(server.client().readStream(parkedStream('links'), { maxCount: 5 }));
    expect(links.map(({ event: link }) => [link?.type, String(link?.data), link?.metadata])).toEqual(
      [0, 1].map((n) => [
        '$>',
        `${n}@${server.stream('links')}`,
        expect.objectContaining({
          added: expect.any(String),
          reason: "Client explicitly NAK'ed message.\nbad",
        }),
      ]),
    );
    const options = { maxCount: 5, resolveLinkTos: true };
    const [resolved] = await all(server.client().readStream(parkedStream('links'), options));
    expect(resolved?.event?.streamId).toBe(server.stream('links'));
    expect(resolved?.link?.type).toBe('$>');
  });

  test('come back as links when they are replayed, the oldest first, as many as asked', async () => {
    await append('replayed', 3);
    await create('replayed');
    const parking = await consume('replayed', park);
    await vi.waitFor(async () => expect(await parked('replayed')).toBe(3n));
    await parking.leave();
    const replay = (options = {}) =>
      server.client().replayParkedMessagesToStream(server.stream('replayed'), 'g', options);
    await replay({ stopAt: 1 });
    const consumer = await consume('replayed');
    await until(consumer.told, '0 link');
    expect(await parked('replayed')).toBe(2n);
    await replay();
    await until(consumer.told, '0 link', '1 link', '2 link');
    expect(await parked('replayed')).toBe(0n);
    await consumer.leave();
  });

  test('can be parked again', async () => {
    await append('again');
    await create('again');
    const consumer = await consume('again', park);
    await vi.waitFor(async () => expect(await parked('again')).toBe(1n));
    await server.client().replayParkedMessagesToStream(server.stream('again'), 'g');
    await until(consumer.told, '0', '0 link');
    await vi.waitFor(async () => expect(await parked('again')).toBe(1n));
    await consumer.leave();
  });
});

test('a persistent subscription to $all takes what its filter names, parks and replays', async () => {
  const group = server.stream('all');
  const filter = streamNameFilter({ prefixes: [server.stream('of-all')] });
  const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
  await server.client().createPersistentSubscriptionToAll(group, settings, { filter });
  await append('of-all-1', 2);
  await append('of-all-2');
  const subscription = server.client().subscribeToPersistentSubscriptionToAll(group);
  const told: string[] = [];
  subscription.on('data', (found) => {
    told.push(`${found.event?.streamId.slice(-8)}@${found.event?.revision}${found.link ? ' link' : ''}`);
    const isBad = found.event?.revision === 1n && found.link === undefined;
    void (isBad ? subscription.nack('park', 'x', found) : subscription.ack(found));
  });
  await until(told, 'of-all-1@0', 'of-all-1@1', 'of-all-2@0');
  const count = async () =>
    (await server.client().getPersistentSubscriptionToAllInfo(group)).stats.parkedMessageCount;
  await vi.waitFor(async () => expect(await count()).toBe(1n));
  await server.client().replayParkedMessagesToAll(group);
  await until(told, 'of-all-1@0', 'of-all-1@1', 'of-all-2@0', 'of-all-1@1 link');
  await subscription.unsubscribe();
  await server.client().deletePersistentSubscriptionToAll(group);
});
