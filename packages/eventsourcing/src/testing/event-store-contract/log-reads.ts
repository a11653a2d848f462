import { beforeAll, describe, expect, test } from 'vitest';
import type { Position, RecordedEvent } from '../../event.ts';
import type { ReadAllOptions } from '../../event-store/event-store.ts';
import { PAGE_BYTES, PAGE_EVENTS } from '../../event-store/page.ts';
import { appendTo, commitOf, newEvent, newEvents } from '../event-factory.ts';
import {
  eventsOf,
  expectAscending,
  idsOf,
  logOf,
  pagesOf,
  type SharedStore,
} from '../event-store-harness.ts';

/** The whole log, by position and by prefix. */
export function logReadContract(shared: SharedStore): void {
  const headNow = async (): Promise<Position> => {
    await shared.store.append(commitOf(appendTo(`${shared.place()}head`, 'no-stream')));
    const head = await shared.store.head();
    if (head === undefined) throw new Error('The log is not empty, so that it must have a head.');
    return head;
  };
  const revisionsOf = (events: readonly RecordedEvent[]) => events.map(({ revision }) => revision);

  describe('of six events among foreign ones', () => {
    let place = '';
    let log: readonly RecordedEvent[] = [];
    beforeAll(async () => {
      place = shared.place();
      const foreign = shared.place();
      await shared.store.append(commitOf(appendTo(foreign, 'no-stream')));
      await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', 2), appendTo(foreign, 0)));
      await shared.store.append(commitOf(appendTo(foreign, 1, 3)));
      await shared.store.append(commitOf(appendTo(`${place}b`, 'no-stream'), appendTo(`${place}a`, 1, 3)));
      await shared.store.append(commitOf(appendTo(foreign, 4, 3)));
      log = await logOf(shared.store, place);
    });
    const read = async (options: ReadAllOptions = {}) =>
      (await pagesOf(shared.store.readAll({ prefixes: [place], ...options }))).flatMap(
        ({ events }) => events,
      );

    test('all come in commit order', async () => {
      expect(revisionsOf(log)).toEqual([0, 1, 0, 2, 3, 4]);
      expectAscending(log.map(({ position }) => position));
    });

    test('after the position of any of them come exactly the later ones', async () => {
      for (const [i, { position }] of log.entries())
        expect(await read({ after: position })).toEqual(log.slice(i + 1));
    });

    test('a limit gives so many', async () => {
      for (const limit of [0, 1, 2, 5, 6, 7]) expect(await read({ limit })).toEqual(log.slice(0, limit));
    });

    test('reading on from the last page, some at a time, gives each once', async () => {
      for (const limit of [1, 2, 4]) {
        const read: RecordedEvent[] = [];
        let after: Position | undefined;
        for (let found = 1; found > 0; ) {
          const pages = await pagesOf(
            shared.store.readAll({ prefixes: [place], limit, ...(after !== undefined && { after }) }),
          );
          found = pages.flatMap(({ events }) => events).length;
          read.push(...pages.flatMap(({ events }) => events));
          after = pages.at(-1)?.position ?? after;
        }
        expect(read).toEqual(log);
      }
    });

    test('some prefixes choose their streams, none chooses nothing', async () => {
      expect(revisionsOf(await read({ prefixes: [`${place}b`] }))).toEqual([0]);
      expect(await read({ prefixes: [`${place}b`, `${place}a`] })).toEqual(log);
      expect(await read({ prefixes: [place, `${place}a`] })).toEqual(log);
      expect(await read({ prefixes: [`${place}c`] })).toEqual([]);
      expect(await read({ prefixes: [] })).toEqual([]);
    });

    test('without prefixes every stream is read', async () => {
      const first = log[0]?.position ?? '';
      const all = (await pagesOf(shared.store.readAll({ after: first }))).flatMap(({ events }) => events);
      expect(idsOf(all)).toEqual(expect.arrayContaining(idsOf(log.slice(1))));
      expect(all.length).toBeGreaterThan(log.length);
    });

    test('an event of the log equals that of its stream', async () => {
      const stream = await eventsOf(shared.store.readStream(`${place}a`));
      expect(log.filter((event) => event.stream === `${place}a`)).toEqual(stream);
    });
  });

  test('a prefix is taken to the letter', async () => {
    const place = shared.place();
    const names = ['a_', 'ab', 'a%', 'a.', 'A_', 'a*', 'a', '(a', '[a_]'];
    await shared.store.append(commitOf(appendTo(`before-${place}a_`, 'no-stream')));
    for (const name of names) await shared.store.append(commitOf(appendTo(place + name, 'no-stream')));
    for (const name of names.filter((candidate) => candidate !== 'a')) {
      expect((await logOf(shared.store, place + name)).map(({ stream }) => stream)).toEqual([place + name]);
    }
  });

  test('the position moves over foreign events, up to the head as of the call', async () => {
    const before = await headNow();
    const foreign = shared.place();
    for (let i = 0; i < 5; i++) {
      await shared.store.append(commitOf(appendTo(foreign, i === 0 ? 'no-stream' : 3 * i - 1, 3)));
    }
    const head = (await shared.store.head()) ?? '';
    const pages = await pagesOf(shared.store.readAll({ after: before, prefixes: [shared.place()] }));
    expect(pages.flatMap(({ events }) => events)).toEqual([]);
    expect(pages.at(-1)?.position).toBe(head);
  });

  test('a page never ends before its last event, and pages advance', async () => {
    const before = await headNow();
    for (let i = 0; i < 3; i++)
      await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream', 600)));
    const pages = await pagesOf(shared.store.readAll({ after: before }));
    expectAscending(pages.map(({ position }) => position));
    for (const { events, position } of pages) expect((events.at(-1)?.position ?? '') <= position).toBe(true);
  });

  test('after the head there is nothing', async () => {
    const after = await headNow();
    const pages = await pagesOf(shared.store.readAll({ after }));
    expect(pages.flatMap(({ events }) => events)).toEqual([]);
  });

  test('what is appended during a read is left to the next one', async () => {
    const place = shared.place();
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', 2)));
    const read = pagesOf(shared.store.readAll({ prefixes: [place] }));
    const events = (await read).flatMap((page) => page.events);
    expect(events).toHaveLength(2);
    let appended = 0;
    for await (const page of shared.store.readAll({ prefixes: [place] })) {
      if (appended < 5) {
        await shared.store.append(commitOf(appendTo(`${place}${appended}`, 'no-stream')));
        appended++;
      }
      expect(page.events.length).toBeLessThanOrEqual(2);
    }
    expect(await logOf(shared.store, place)).toHaveLength(2 + appended);
  });

  test('the head is the position of the last event', async () => {
    const head = await headNow();
    const { position } = await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream', 3)));
    expect(await shared.store.head()).toBe(position);
    expect(position > head).toBe(true);
  });

  test('positions are digits, always as many, so that anybody can refuse what is none', async () => {
    const head = await headNow();
    const { position } = await shared.store.append(commitOf(appendTo(shared.place(), 'no-stream', 3)));
    for (const each of [head, position]) expect(each).toMatch(/^\d{1,128}$/);
    expect(position).toHaveLength(head.length);
  });

  test('a reader can stop early', async () => {
    const after = await headNow();
    const place = shared.place();
    await shared.store.append(commitOf(appendTo(place, 'no-stream', 500)));
    for await (const page of shared.store.readAll({ after })) {
      expect(page.events[0]?.stream).toBe(place);
      break;
    }
    expect(await logOf(shared.store, place)).toHaveLength(500);
  });

  test('10,000 events come in pages of bounded length that hold whole commits', async () => {
    const place = shared.place();
    const ids: string[] = [];
    for (let n = 0; n < 25; n++) {
      const commits = Array.from({ length: 4 }, (_, i) =>
        appendTo(`${place}${n}-${i}`, 'no-stream', newEvents(100)),
      );
      ids.push(...commits.flatMap(({ events }) => idsOf(events)));
      await shared.store.append(commitOf(...commits.slice(0, 2)));
      await shared.store.append(commitOf(...commits.slice(2)));
    }
    const pages = await pagesOf(shared.store.readAll({ prefixes: [place] }));
    expect(idsOf(pages.flatMap(({ events }) => events))).toEqual(ids);
    for (const { events } of pages) {
      expect(events.length).toBeLessThan(PAGE_EVENTS + 200);
      expect(events.length % 200).toBe(0);
    }
  }, 60_000);

  test('pages of large events are bounded in bytes', async () => {
    const place = shared.place();
    const bytes = Math.min(shared.store.limits.maxEventBytes, PAGE_BYTES) / 2;
    const data = 'x'.repeat(bytes - 1000);
    const count = Math.ceil((3 * PAGE_BYTES) / data.length);
    for (let i = 0; i < count; i++) {
      await shared.store.append(commitOf(appendTo(place + i, 'no-stream', [newEvent({ data })])));
    }
    const pages = await pagesOf(shared.store.readAll({ prefixes: [place] }));
    expect(pages.flatMap(({ events }) => events)).toHaveLength(count);
    expect(Math.max(...pages.map(({ events }) => events.length * data.length))).toBeLessThan(
      PAGE_BYTES + bytes,
    );
  }, 60_000);
}
