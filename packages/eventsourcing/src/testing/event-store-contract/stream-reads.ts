import { beforeAll, describe, expect, test } from 'vitest';
import type { NewEvent } from '../../event.ts';
import type { ReadStreamOptions } from '../../event-store/event-store.ts';
import { PAGE_BYTES, PAGE_EVENTS } from '../../event-store/page.ts';
import { appendTo, commitOf, newEvent, newEvents } from '../event-factory.ts';
import { eventsOf, idsOf, pagesOf, type SharedStore } from '../event-store-harness.ts';

const EXACT_DATA: readonly string[] = [
  '{}',
  '',
  ' { "spaces" :  1 }\n',
  '{"2":"two","1":"one","b":0,"a":0}',
  '{"amount":12345678901234567890.10,"e":1e400,"zero":-0}',
  '{"text":"Grüße, 日本, 😀, e\u0301, \u2028\u2029, \u00a0"}',
  '{"escapes":"\\u00e9\\n\\\\\\"\\/\\ud83d\\u0000"}',
  '{"__proto__":{"a":1},"constructor":null}',
  'no JSON at all',
  `{"long":"${'ä'.repeat(20_000)}"}`,
];

/** Streams as they were written, whole or in parts. */
export function streamReadContract(shared: SharedStore): void {
  test('a stream that does not exist has no events and no pages', async () => {
    expect(await pagesOf(shared.store.readStream(`${shared.place()}a`))).toEqual([]);
    expect(await pagesOf(shared.store.readStream(`${shared.place()}a`, { direction: 'backwards' }))).toEqual(
      [],
    );
  });

  test('a stream has only its own events, not those of a longer or shorter name', async () => {
    const place = shared.place();
    for (const name of ['a', 'ab', 'abc'])
      await shared.store.append(commitOf(appendTo(place + name, 'no-stream')));
    const stored = await eventsOf(shared.store.readStream(`${place}ab`));
    expect(stored.map(({ stream }) => stream)).toEqual([`${place}ab`]);
  });

  describe('of six events', () => {
    let stream = '';
    beforeAll(async () => {
      stream = `${shared.place()}six`;
      await shared.store.append(commitOf(appendTo(stream, 'no-stream', 2)));
      await shared.store.append(commitOf(appendTo(stream, 1, 4)));
    });

    test.each<{ read: ReadStreamOptions; revisions: readonly number[] }>([
      { read: {}, revisions: [0, 1, 2, 3, 4, 5] },
      { read: { direction: 'forwards' }, revisions: [0, 1, 2, 3, 4, 5] },
      { read: { from: 0 }, revisions: [0, 1, 2, 3, 4, 5] },
      { read: { from: 2, limit: 2 }, revisions: [2, 3] },
      { read: { from: 5 }, revisions: [5] },
      { read: { from: 6 }, revisions: [] },
      { read: { from: 1_000_000 }, revisions: [] },
      { read: { limit: 0 }, revisions: [] },
      { read: { limit: 100 }, revisions: [0, 1, 2, 3, 4, 5] },
      { read: { direction: 'backwards' }, revisions: [5, 4, 3, 2, 1, 0] },
      { read: { direction: 'backwards', limit: 1 }, revisions: [5] },
      { read: { direction: 'backwards', from: 3 }, revisions: [3, 2, 1, 0] },
      { read: { direction: 'backwards', from: 3, limit: 2 }, revisions: [3, 2] },
      { read: { direction: 'backwards', from: 0 }, revisions: [0] },
      { read: { direction: 'backwards', from: 1_000_000, limit: 2 }, revisions: [5, 4] },
      { read: { direction: 'backwards', limit: 0 }, revisions: [] },
    ])('$read gives revisions $revisions, as numbers', async ({ read, revisions }) => {
      const stored = await eventsOf(shared.store.readStream(stream, read));
      expect(stored.map(({ revision }) => revision)).toEqual(revisions);
    });
  });

  test('an event comes back as it was given', async () => {
    const stream = `${shared.place()}a`;
    const event = newEvent({
      schemaVersion: 7,
      metadata: {
        actor: 'someone',
        note: 'a "quoted"\nline\t😀',
        empty: '',
        '2': 'two',
        '10': 'ten',
        Ä: 'ö',
      },
    });
    const { position } = await shared.store.append(commitOf(appendTo(stream, 'no-stream', [event])));
    expect(await eventsOf(shared.store.readStream(stream))).toEqual([
      { ...event, stream, revision: 0, position },
    ]);
  });

  test('an event without metadata comes back without', async () => {
    const stream = `${shared.place()}a`;
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', [newEvent({ metadata: {} })])));
    expect((await eventsOf(shared.store.readStream(stream)))[0]?.metadata).toEqual({});
  });

  test('data comes back to the byte, from its stream and from the log', async () => {
    const place = shared.place();
    const events: NewEvent[] = EXACT_DATA.map((data) => newEvent({ data }));
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', events)));
    const stored = await eventsOf(shared.store.readStream(`${place}a`));
    expect(stored.map(({ data }) => data)).toEqual(EXACT_DATA);
    const log = (await pagesOf(shared.store.readAll({ prefixes: [place] }))).flatMap((page) => page.events);
    expect(log).toEqual(stored);
  });

  test('what a caller does to its commit afterwards changes nothing', async () => {
    const stream = `${shared.place()}a`;
    const metadata: Record<string, string> = { actor: 'someone' };
    const events = [newEvent({ metadata })];
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', events)));
    metadata.actor = 'someone else';
    events.push(newEvent());
    expect((await eventsOf(shared.store.readStream(stream))).map((event) => event.metadata)).toEqual([
      { actor: 'someone' },
    ]);
  });

  test('a reader can stop early', async () => {
    const stream = `${shared.place()}a`;
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', 500)));
    for await (const page of shared.store.readStream(stream)) {
      expect(page[0]?.revision).toBe(0);
      break;
    }
    expect(await eventsOf(shared.store.readStream(stream))).toHaveLength(500);
  });

  test('10,000 events come back in order, in pages of bounded length, in both directions', async () => {
    const stream = `${shared.place()}a`;
    const ids: string[] = [];
    for (let from = 0; from < 10_000; from += 500) {
      const events = newEvents(500);
      ids.push(...idsOf(events));
      await shared.store.append(commitOf(appendTo(stream, from === 0 ? 'no-stream' : from - 1, events)));
    }
    for (const direction of ['forwards', 'backwards'] as const) {
      const pages = await pagesOf(shared.store.readStream(stream, { direction }));
      expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(PAGE_EVENTS);
      expect(Math.min(...pages.map(({ length }) => length))).toBeGreaterThan(0);
      const read = idsOf(pages.flat());
      expect(direction === 'forwards' ? read : read.reverse()).toEqual(ids);
    }
  }, 60_000);

  test('pages of large events are bounded in bytes', async () => {
    const stream = `${shared.place()}a`;
    const bytes = Math.min(shared.store.limits.maxEventBytes, PAGE_BYTES) / 2;
    const data = 'x'.repeat(bytes - 1000);
    const count = Math.ceil((3 * PAGE_BYTES) / data.length);
    for (let i = 0; i < count; i++) {
      await shared.store.append(
        commitOf(appendTo(stream, i === 0 ? 'no-stream' : i - 1, [newEvent({ data })])),
      );
    }
    const pages = await pagesOf(shared.store.readStream(stream));
    expect(pages.flat()).toHaveLength(count);
    expect(Math.max(...pages.map(({ length }) => length * data.length))).toBeLessThan(PAGE_BYTES + bytes);
  }, 60_000);
}
