import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { describe, expect, test } from 'vitest';
import { createKurrentEventStore } from '../log/kurrent-event-store.ts';
import { append, collecting, consuming, DONE, eventually, fresh, useServer } from '../testing/consumers.ts';
import { openPersistentSubscription, type PersistentSubscription } from './persistent-subscription.ts';

const used = useServer();

async function parkedOf(subscription: PersistentSubscription) {
  const parked = [];
  for await (const each of subscription.parked()) parked.push(each);
  return parked;
}

describe('persistent subscription', () => {
  test('delivers what has happened before it was made, whole, and what comes then', async () => {
    const { subscription, stream } = await fresh(used.connection);
    const ids = await append(used.connection, stream, 2);
    const { seen, handle } = collecting();
    consuming(subscription, handle);
    await eventually(() => seen.length).toBe(2);
    await append(used.connection, stream, 1, 1);
    await eventually(() => seen.map(({ event }) => event.revision)).toEqual([0, 1, 2]);
    expect(seen.map(({ event }) => event.id).slice(0, 2)).toEqual(ids);
    expect(seen.map(({ event }) => event)).toEqual(await eventsOf(stream));
  });

  test('begins where it is told to: at the end, or with the event at a position', async () => {
    const { stream, wanted } = await fresh(used.connection);
    await append(used.connection, stream, 2);
    const [, second] = await eventsOf(stream);
    const fromEnd = await openPersistentSubscription(used.connection, {
      ...wanted,
      group: randomUUID(),
      startFrom: 'end',
    });
    const fromSecond = await openPersistentSubscription(used.connection, {
      ...wanted,
      group: randomUUID(),
      startFrom: second?.position ?? '',
    });
    const [atEnd, atSecond] = [collecting(), collecting()];
    consuming(fromEnd, atEnd.handle);
    consuming(fromSecond, atSecond.handle);
    await append(used.connection, stream, 1, 1);
    await eventually(() => atEnd.revisions()).toEqual([2]);
    await eventually(() => atSecond.revisions()).toEqual([1, 2]);
  });

  test('goes on where it was when it is opened again', async () => {
    const { subscription, stream, wanted } = await fresh(used.connection);
    await append(used.connection, stream, 2);
    const first = collecting();
    const { stop } = consuming(subscription, first.handle);
    await eventually(() => first.seen.length).toBe(2);
    await stop();
    await append(used.connection, stream, 1, 1);
    const again = collecting();
    consuming(await openPersistentSubscription(used.connection, wanted), again.handle);
    await eventually(() =>
      again.seen.filter(({ retries }) => retries === 0).map(({ event }) => event.revision),
    ).toEqual([2]);
  });

  test('deals the events out among its consumers', async () => {
    const { subscription, stream } = await fresh(used.connection);
    const [one, other] = [collecting(), collecting()];
    consuming(subscription, one.handle, 2);
    consuming(subscription, other.handle, 2);
    await append(used.connection, stream, 40);
    await eventually(() => one.seen.length + other.seen.length).toBe(40);
    expect(one.seen.length).toBeGreaterThan(0);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(new Set([...one.revisions(), ...other.revisions()]).size).toBe(40);
  });

  test('handles no more events at a time than it is told to', async () => {
    const { subscription, stream } = await fresh(used.connection);
    await append(used.connection, stream, 12);
    let [atOnce, most, handled] = [0, 0, 0];
    consuming(
      subscription,
      async () => {
        most = Math.max(most, ++atOnce);
        await new Promise(setImmediate);
        atOnce--;
        handled++;
        return DONE;
      },
      3,
    );
    await eventually(() => handled).toBe(12);
    expect(most).toBe(3);
  });

  test('delivers again what is to be retried, and parks it when that is too often', async () => {
    const { subscription, stream } = await fresh(used.connection, { maxRetries: 2 });
    await append(used.connection, stream, 3);
    const { seen, handle } = collecting(({ event, retries }) => {
      if (event.revision === 1) throw Object.assign(new Error('Zoë is away'), { code: 'ECONNREFUSED' });
      return event.revision === 2 && retries === 0 ? { kind: 'retry', reason: 'busy' } : DONE;
    });
    consuming(subscription, handle);
    await eventually(async () => (await parkedOf(subscription)).length).toBe(1);
    const retriesOf = (revision: number) =>
      seen.filter(({ event }) => event.revision === revision).map(({ retries }) => retries);
    expect([retriesOf(0), retriesOf(1), retriesOf(2)]).toEqual([[0], [0, 1, 2], [0, 1]]);
    const [parked] = await parkedOf(subscription);
    expect(parked).toMatchObject({ stream, revision: 1, event: { revision: 1, stream } });
    expect(JSON.stringify(parked)).not.toContain('Zoë');
  });

  test('parks at once what cannot be handled, lists it with the reason, and delivers it again on demand', async () => {
    const { subscription, stream } = await fresh(used.connection);
    const ids = await append(used.connection, stream, 3);
    let isKnown = false;
    const { revisions, handle } = collecting(({ event }) =>
      event.revision === 1 || isKnown ? DONE : { kind: 'park', reason: 'no address' },
    );
    consuming(subscription, handle);
    await eventually(async () => (await parkedOf(subscription)).length).toBe(2);
    const parked = await parkedOf(subscription);
    expect(parked.map(({ event, stream, revision }) => [event?.id, stream, revision])).toEqual([
      [ids[0], stream, 0],
      [ids[2], stream, 2],
    ]);
    expect(parked[0]?.reason).toContain('no address');
    expect(Date.parse(parked[0]?.parkedAt ?? '')).toBeGreaterThan(0);

    isKnown = true;
    await subscription.replayParked(1);
    await eventually(revisions).toEqual([0, 1, 2, 0]);
    expect((await parkedOf(subscription)).map(({ revision }) => revision)).toEqual([2]);
    await subscription.replayParked();
    await eventually(revisions).toEqual([0, 1, 2, 0, 2]);
    expect(await parkedOf(subscription)).toEqual([]);
  });

  test('parks what this program has not written, and goes on', async () => {
    const { subscription, stream } = await fresh(used.connection);
    await used.connection.client.appendToStream(stream, jsonEvent({ type: 'Foreign', data: {} }));
    await append(used.connection, stream, 1, 0);
    const { revisions, handle } = collecting();
    consuming(subscription, handle);
    await eventually(revisions).toEqual([1]);
    expect(await parkedOf(subscription)).toMatchObject([{ stream, revision: 0, event: undefined }]);
  });
});

async function eventsOf(stream: string) {
  const store = createKurrentEventStore(used.connection);
  const events = [];
  for await (const page of store.readStream(stream)) events.push(...page);
  await store.close();
  return events;
}
