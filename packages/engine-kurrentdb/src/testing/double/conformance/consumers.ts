import { once } from 'node:events';
import {
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamResolvedEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@kurrent/kurrentdb-client';
import { expect, vi } from 'vitest';
import { type Asker, events } from './questions.ts';

/** What a group of consumers is made with, beside the defaults. */
export type Settings = NonNullable<Parameters<typeof persistentSubscriptionToStreamSettingsFromDefaults>[0]>;
export type Found = PersistentSubscriptionToStreamResolvedEvent;
export type Answer = (subscription: PersistentSubscriptionToStream, found: Found) => Promise<void>;

const acknowledge: Answer = (subscription, found) => subscription.ack(found);
export const park: Answer = (subscription, found) => subscription.nack('park', 'bad', found);

/** Waits until exactly this was told. */
export const until = (told: unknown[], ...wanted: unknown[]) =>
  vi.waitFor(() => expect(told).toEqual(wanted), { timeout: 10_000, interval: 10 });

/** The groups `g` of a server's streams, one a stream, and their consumers. */
export const groupsOf = (server: Asker) => {
  const info = (name: string) =>
    server.client().getPersistentSubscriptionToStreamInfo(server.stream(name), 'g');
  return {
    append: (name: string, count = 1) => server.client().appendToStream(server.stream(name), events(count)),
    create: (name: string, settings: Settings = {}) =>
      server
        .client()
        .createPersistentSubscriptionToStream(
          server.stream(name),
          'g',
          persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings }),
        ),
    info,
    parked: async (name: string) => (await info(name)).stats.parkedMessageCount,
    consume: (name: string, answer: Answer = acknowledge, bufferSize = 10) =>
      consume(server, name, answer, bufferSize),
  };
};

/** A consumer that answers everything alike, and what it was told: `revision`, `r` and the tries before, `link`. */
const consume = async (server: Asker, name: string, answer: Answer, bufferSize: number) => {
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
