import { once } from 'node:events';
import {
  DISPATCH_TO_SINGLE,
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamResolvedEvent,
  PINNED,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test, vi } from 'vitest';
import { all, asksServer, event, events } from './questions.ts';

const server = asksServer();
type Settings = NonNullable<Parameters<typeof persistentSubscriptionToStreamSettingsFromDefaults>[0]>;
type Found = PersistentSubscriptionToStreamResolvedEvent;
type Answer = (subscription: PersistentSubscriptionToStream, found: Found) => Promise<void>;

const append = (name: string, count = 1) =>
  server.client().appendToStream(server.stream(name), events(count));
const create = (name: string, settings: Settings = {}) =>
  server
    .client()
    .createPersistentSubscriptionToStream(
      server.stream(name),
      'g',
      persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings }),
    );
const info = (name: string) =>
  server.client().getPersistentSubscriptionToStreamInfo(server.stream(name), 'g');
const parked = async (name: string) => (await info(name)).stats.parkedMessageCount;

const acknowledge: Answer = (subscription, found) => subscription.ack(found);
const park: Answer = (subscription, found) => subscription.nack('park', 'bad', found);

/** A consumer that answers everything alike, and what it was told: `revision`, `r` and the tries before, `link`. */
const consume = async (name: string, answer: Answer = acknowledge, bufferSize = 10) => {
  const subscription = server
    .client()
    .subscribeToPersistentSubscriptionToStream(server.stream(name), 'g', { bufferSize });
  const told: unknown[] = [];
  subscription.on('data', (found: Found) => {
    const tries = found.retryCount ? ` r${found.retryCount}` : '';
    told.push(`${found.event?.revision}${tries}${found.link === undefined ? '' : ' link'}`);
    void answer(subscription, found);
  });
  subscription.on('error', (error: Error & { type?: string }) => told.push(error.type));
  // An error instead of the confirmation is told above.
  await once(subscription, 'confirmation').catch(() => undefined);
  return { subscription, told, leave: () => subscription.unsubscribe() };
};

const until = (told: unknown[], ...wanted: unknown[]) =>
  vi.waitFor(() => expect(told).toEqual(wanted), { timeout: 10_000, interval: 10 });

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
