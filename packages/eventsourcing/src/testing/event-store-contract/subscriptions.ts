import { expect, onTestFinished, test } from 'vitest';
import type { Position, RecordedEvent } from '../../event.ts';
import type { SubscribeOptions } from '../../event-store/event-store.ts';
import { PAGE_EVENTS } from '../../event-store/page.ts';
import { appendTo, commitOf } from '../event-factory.ts';
import { expectAscending, idsOf, logOf, type SharedStore } from '../event-store-harness.ts';
import { createListener, type Listener } from './listener.ts';

/** From any position to the head, and on as the log grows. */
export function subscriptionContract(shared: SharedStore): void {
  const listen = (options: SubscribeOptions): Listener => {
    const ended = new AbortController();
    const signal =
      options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
    onTestFinished(() => ended.abort());
    return createListener(shared.store.subscribe({ ...options, signal }));
  };
  const append = async (stream: string, from: number, count: number): Promise<void> => {
    for (let i = from; i < from + count; i++) {
      await shared.store.append(commitOf(appendTo(stream, i === 0 ? 'no-stream' : i - 1)));
    }
  };

  test('what is there comes first, then that it is caught up, then what is appended', async () => {
    const place = shared.place();
    await append(`${place}a`, 0, 3);
    const listener = listen({ prefixes: [place] });
    await listener.untilCaughtUp();
    expect(listener.events).toHaveLength(3);
    await append(`${place}a`, 3, 2);
    await listener.untilEvents(5);
    expect(idsOf(listener.events)).toEqual(idsOf(await logOf(shared.store, place)));
  });

  test('it is caught up again after each time it fell behind', async () => {
    const place = shared.place();
    const listener = listen({ prefixes: [place] });
    for (let i = 0; i < 3; i++) {
      await append(`${place}a`, i, 1);
      await listener.untilEvents(i + 1);
      await listener.untilCaughtUp();
    }
    expect(listener.events).toHaveLength(3);
  });

  test('from the start to live without gaps or doubles while many append', async () => {
    const place = shared.place();
    await append(`${place}before`, 0, 20);
    const writers = Array.from({ length: 10 }, (_, i) => append(`${place}${i}`, 0, 30));
    const listener = listen({ prefixes: [place] });
    await Promise.all([...writers, listener.untilEvents(320)]);
    const log = await logOf(shared.store, place);
    expect(log).toHaveLength(320);
    expect(idsOf(listener.events)).toEqual(idsOf(log));
    expectAscending(listener.positions);
  }, 30_000);

  test('it goes on after the position of any page', async () => {
    const place = shared.place();
    await append(`${place}a`, 0, 5);
    const first = listen({ prefixes: [place] });
    await first.untilEvents(5);
    await append(`${place}a`, 5, 5);
    await first.untilEvents(10);
    const log = await logOf(shared.store, place);
    for (const page of first.pages) {
      const missing = log.filter(({ position }) => position > page.position);
      const again = listen({ prefixes: [place], after: page.position });
      await again.untilCaughtUp();
      await again.untilEvents(missing.length);
      expect(idsOf(again.events)).toEqual(idsOf(missing));
    }
  });

  test('after the head it delivers only what is appended from now on', async () => {
    const place = shared.place();
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', 3)));
    const head = await shared.store.head();
    const listener = listen({ prefixes: [place], ...(head !== undefined && { after: head }) });
    await listener.untilCaughtUp();
    expect(listener.events).toEqual([]);
    await append(`${place}b`, 0, 1);
    await listener.untilEvents(1);
    expect(listener.events.map(({ stream }) => stream)).toEqual([`${place}b`]);
  });

  test('its position moves over foreign events, while catching up and live', async () => {
    const before = await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream')));
    const foreign = await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream', 300)));
    const listener = listen({ prefixes: [shared.place()], after: before.position });
    await listener.untilPosition(foreign.position);
    const live = await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream')));
    // An engine may tell of foreign events every so many only.
    for (let i = 0; i < 5; i++)
      await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream', 200)));
    await listener.untilPosition(live.position);
    expect(listener.events).toEqual([]);
  });

  test('only streams of its prefixes are delivered', async () => {
    const place = shared.place();
    const listener = listen({ prefixes: [`${place}a`, `${place}c`] });
    for (const name of ['b', 'a', 'd', 'c', 'b2', 'a2']) await append(place + name, 0, 1);
    await listener.untilEvents(3);
    expect(listener.events.map(({ stream }) => stream.slice(place.length))).toEqual(['a', 'c', 'a2']);
  });

  test('a commit is never split', async () => {
    const place = shared.place();
    const listener = listen({ prefixes: [place] });
    const commits = Array.from({ length: 100 }, (_, i) =>
      shared.store.append(
        commitOf(appendTo(`${place}${i}-b`, 'no-stream', 30), appendTo(`${place}${i}-a`, 'no-stream', 3)),
      ),
    );
    await Promise.all([...commits, listener.untilEvents(3300)]);
    for (const { events } of listener.pages) expect(events.length % 33).toBe(0);
  }, 30_000);

  test('subscribers do not know of each other: one is slow, one leaves, one gets all', async () => {
    const place = shared.place();
    const leaving = new AbortController();
    const [all, slow, left] = [
      listen({ prefixes: [place] }),
      listen({ prefixes: [place] }),
      listen({ prefixes: [place], signal: leaving.signal }),
    ];
    await append(`${place}a`, 0, 10);
    await left.untilEvents(1);
    leaving.abort();
    await left.untilEnd();
    await append(`${place}a`, 10, 10);
    await all.untilEvents(20);
    await slow.untilEvents(20);
    expect(idsOf(slow.events)).toEqual(idsOf(all.events));
  });

  test('leaving the loop ends it', async () => {
    const place = shared.place();
    await append(`${place}a`, 0, 3);
    const read: RecordedEvent[] = [];
    for await (const message of shared.store.subscribe({ prefixes: [place] })) {
      if (message.kind === 'page') read.push(...message.events);
      if (message.kind === 'caught-up') break;
    }
    expect(read).toHaveLength(3);
  });

  test('an aborted signal ends it at once while it waits', async () => {
    const ending = new AbortController();
    const listener = listen({ prefixes: [shared.place()], signal: ending.signal });
    await listener.untilCaughtUp();
    const ended = listener.untilEnd();
    ending.abort();
    await ended;
  });

  test('an aborted signal ends it in the middle of catching up', async () => {
    const place = shared.place();
    for (let i = 0; i < 3; i++)
      await shared.store.append(commitOf(appendTo(place + i, 'no-stream', PAGE_EVENTS)));
    const ending = new AbortController();
    let pages = 0;
    for await (const message of shared.store.subscribe({ prefixes: [place], signal: ending.signal })) {
      expect(ending.signal.aborted).toBe(false);
      if (message.kind === 'page' && message.events.length > 0) {
        pages++;
        ending.abort();
      }
    }
    expect(pages).toBe(1);
  });

  test('a signal that was aborted before delivers nothing', async () => {
    for await (const message of shared.store.subscribe({ signal: AbortSignal.abort() })) {
      expect(message).toBe('nothing');
    }
  });

  test('a slow consumer of 20,000 events gets bounded pages, and what was appended meanwhile', async () => {
    const place = shared.place();
    for (let i = 0; i < 40; i++) await shared.store.append(commitOf(appendTo(place + i, 'no-stream', 500)));
    const positions: Position[] = [];
    let events = 0;
    for await (const message of shared.store.subscribe({ prefixes: [place] })) {
      if (message.kind === 'caught-up') {
        if (events < 21_000) continue;
        break;
      }
      // The first page is held while more is appended: it must not make the later ones larger.
      if (events === 0 && message.events.length > 0) {
        for (let i = 40; i < 42; i++)
          await shared.store.append(commitOf(appendTo(place + i, 'no-stream', 500)));
      }
      expect(message.events.length).toBeLessThan(PAGE_EVENTS + 500);
      events += message.events.length;
      positions.push(message.position);
    }
    expect(events).toBe(21_000);
    expectAscending(positions);
  }, 60_000);
}
