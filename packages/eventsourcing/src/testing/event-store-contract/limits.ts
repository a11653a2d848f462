import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../event.ts';
import { eventBytes } from '../../event-store/commit-validation.ts';
import type { Commit } from '../../event-store/event-store.ts';
import { appendTo, claimOn, commitOf, newEvent, newEvents, withClaims } from '../event-factory.ts';
import { eventsOf, idsOf, logOf, pagesOf, refusalOf, type SharedStore } from '../event-store-harness.ts';

type Wrong = { readonly what: string; readonly commit: (place: string) => Commit };

/** Commits that no engine may take, whatever is in the log. */
const WRONG_COMMITS: readonly Wrong[] = [
  { what: 'without streams', commit: () => commitOf() },
  {
    what: 'with a stream without events',
    commit: (place) => commitOf(appendTo(`${place}a`, 'no-stream', 0)),
  },
  {
    what: 'with a stream without events beside one with events',
    commit: (place) => commitOf(appendTo(`${place}a`, 'no-stream'), appendTo(`${place}b`, 'no-stream', 0)),
  },
  {
    what: 'that names a stream twice',
    commit: (place) => commitOf(appendTo(`${place}a`, 'no-stream'), appendTo(`${place}a`, 0)),
  },
  {
    what: 'that names a claim twice',
    commit: (place) => withClaims(commitOf(appendTo(`${place}a`, 'no-stream')), `${place}key`, `${place}key`),
  },
  { what: 'with an empty stream name', commit: () => commitOf(appendTo('', 'no-stream')) },
  {
    what: 'with a line feed in a stream name',
    commit: (place) => commitOf(appendTo(`${place}a\nb`, 'no-stream')),
  },
  { what: 'with a NUL in a stream name', commit: (place) => commitOf(appendTo(`${place}a\0b`, 'no-stream')) },
  {
    what: 'with a stream name that starts with $',
    commit: (place) => commitOf(appendTo(`$${place}`, 'no-stream')),
  },
  {
    what: 'with half a surrogate pair in a stream name',
    commit: (place) => commitOf(appendTo(`${place}\ud83d`, 0)),
  },
  {
    what: 'with a stream name of 1,001 characters',
    commit: (place) => commitOf(appendTo(place.padEnd(1001, 'x'), 'no-stream')),
  },
  {
    what: 'with an empty claim name',
    commit: (place) => withClaims(commitOf(appendTo(`${place}a`, 'no-stream')), ''),
  },
  {
    what: 'with a line feed in a claim name',
    commit: (place) => withClaims(commitOf(appendTo(`${place}a`, 'no-stream')), `${place}a\nb`),
  },
  { what: 'expected at a revision below 0', commit: (place) => commitOf(appendTo(`${place}a`, -1)) },
  { what: 'expected at half a revision', commit: (place) => commitOf(appendTo(`${place}a`, 0.5)) },
  {
    what: 'whose claim points at no events',
    commit: (place) => claiming(place, []),
  },
  {
    what: 'whose claim points at another stream',
    commit: (place) => claiming(place, [{ stream: `${place}b`, first: 0, last: 0 }]),
  },
  {
    what: 'whose claim points past its own events',
    commit: (place) => claiming(place, [{ stream: `${place}a`, first: 0, last: 2 }]),
  },
  {
    what: 'whose claim points backwards',
    commit: (place) => claiming(place, [{ stream: `${place}a`, first: 1, last: 0 }]),
  },
];

/** Events that no engine may take. */
const WRONG_EVENTS: readonly (Partial<NewEvent> & { readonly what: string })[] = [
  { what: 'with an empty type', type: '' },
  { what: 'with a space in its type', type: 'Something happened' },
  { what: 'with a line feed in its type', type: 'Something\nHappened' },
  { what: 'with an id that is no UUID', id: 'event-1' },
  { what: 'with an id in upper case', id: randomUUID().toUpperCase() },
  { what: 'with the nil UUID', id: '00000000-0000-0000-0000-000000000000' },
  { what: 'with half a surrogate pair in its data', data: '"\ud83d"' },
  { what: 'with half a surrogate pair in its metadata', metadata: { actor: '\ude00' } },
  { what: 'with half a surrogate pair in a metadata key', metadata: { '\ude00': 'actor' } },
  { what: 'with schema version 0', schemaVersion: 0 },
  { what: 'with half a schema version', schemaVersion: 1.5 },
  { what: 'recorded at no time', recordedAt: Number.NaN },
  { what: 'recorded at a part of a microsecond', recordedAt: 1.5 },
  { what: 'recorded before 1970', recordedAt: -1 },
  { what: 'without a chain link', link: '' },
];

function claiming(place: string, events: Commit['claims'][number]['events']): Commit {
  const commit = commitOf(appendTo(`${place}a`, 'no-stream', 2));
  return { ...commit, claims: [{ ...claimOn(commit, `${place}key`), events }] };
}

/** An event of so many bytes, as limits count them. */
function eventOf(bytes: number, filling = 'x'): NewEvent {
  const empty = newEvent({ data: '' });
  const room = bytes - eventBytes(empty);
  const count = Math.floor(room / Buffer.byteLength(filling));
  return { ...empty, data: filling.repeat(count) + 'x'.repeat(room - count * Buffer.byteLength(filling)) };
}

/** What a commit may be, and that a refused one harms nobody. */
export function limitContract(shared: SharedStore): void {
  const expectRefused = async (commit: Commit, says: RegExp) => {
    const error = await refusalOf(shared.store.append(commit));
    expect(error.code).toBe('commit-refused');
    expect(error.message).toMatch(says);
  };

  test.each(WRONG_COMMITS)(
    'a commit $what is refused, and the message says what to do',
    async ({ commit }) => {
      const place = shared.place();
      await expectRefused(commit(place), /: .+\.$/);
      expect(await logOf(shared.store, place)).toEqual([]);
      await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream')));
    },
  );

  test.each(WRONG_EVENTS)(
    'an event $what is refused, and the message says what to do',
    async ({ what, ...wrong }) => {
      const place = shared.place();
      const events = [newEvent(), newEvent(wrong)];
      await expectRefused(commitOf(appendTo(`${place}a`, 'no-stream', events)), /: .+\.$/);
      expect(await logOf(shared.store, place)).toEqual([]);
    },
  );

  test('letters and digits of every script and _ . $ : - make an event type', async () => {
    const stream = `${shared.place()}a`;
    const types = ['a', '$a', 'bank.Account:Opened-v2_x', 'Kontoeröffnung', '口座開設', '7'];
    const events = types.map((type) => newEvent({ type }));
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', events)));
    expect((await eventsOf(shared.store.readStream(stream))).map(({ type }) => type)).toEqual(types);
  });

  test.each([
    { what: 'ASCII', filling: 'x' },
    { what: 'emoji', filling: '😀' },
  ])('an event of the largest size is kept, one byte more is refused ($what)', async ({ filling }) => {
    const stream = `${shared.place()}a`;
    const { maxEventBytes } = shared.store.limits;
    const largest = eventOf(maxEventBytes, filling);
    const tooLarge = eventOf(maxEventBytes + 1, filling);
    await expectRefused(
      commitOf(appendTo(stream, 'no-stream', [tooLarge])),
      new RegExp(String(maxEventBytes)),
    );
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', [largest])));
    const [stored] = await eventsOf(shared.store.readStream(stream));
    expect(stored?.data === largest.data).toBe(true);
  });

  test('metadata counts as bytes of its event', async () => {
    const { maxEventBytes } = shared.store.limits;
    const event = newEvent({ data: '{}', metadata: { note: 'x'.repeat(maxEventBytes) } });
    await expectRefused(commitOf(appendTo(`${shared.place()}a`, 'no-stream', [event])), new RegExp(event.id));
  });

  test('a commit of the most events is kept, one more is refused', async () => {
    const place = shared.place();
    const { maxCommitEvents } = shared.store.limits;
    const half = Math.floor(maxCommitEvents / 2);
    const tooMany = [half, maxCommitEvents - half + 1].map((count, i) =>
      appendTo(place + i, 'no-stream', count),
    );
    await expectRefused(commitOf(...tooMany), new RegExp(String(maxCommitEvents)));
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', maxCommitEvents)));
    expect(await logOf(shared.store, place)).toHaveLength(maxCommitEvents);
  });

  test('a commit of the most events comes whole, on one page of the log and of a subscription', async () => {
    const place = shared.place();
    const { maxCommitEvents } = shared.store.limits;
    const [few, many] = [newEvents(2), newEvents(maxCommitEvents - 2)];
    const ids = idsOf([...few, ...many]);
    const streams = [appendTo(`${place}a`, 'no-stream', few), appendTo(`${place}b`, 'no-stream', many)];
    await shared.store.append(commitOf(...streams));
    const pages = await pagesOf(shared.store.readAll({ prefixes: [place] }));
    const held = pages.map(({ events }) => idsOf(events)).filter(({ length }) => length > 0);
    expect(held).toEqual([ids]);
    for await (const message of shared.store.subscribe({ prefixes: [place] })) {
      if (message.kind === 'caught-up' || message.events.length === 0) continue;
      expect(idsOf(message.events)).toEqual(ids);
      break;
    }
  }, 30_000);

  test('a commit of the most bytes is kept, one byte more is refused', async () => {
    const place = shared.place();
    const { maxEventBytes, maxCommitBytes } = shared.store.limits;
    const large = Math.ceil(maxCommitBytes / maxEventBytes) - 1;
    const events = Array.from({ length: large }, () => eventOf(maxEventBytes - 1000));
    const left = maxCommitBytes - large * (maxEventBytes - 1000);
    const filled = (bytes: number) => [
      ...events,
      eventOf(Math.floor(bytes / 2)),
      eventOf(Math.ceil(bytes / 2)),
    ];
    await expectRefused(
      commitOf(appendTo(`${place}a`, 'no-stream', filled(left + 1))),
      new RegExp(String(maxCommitBytes)),
    );
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', filled(left))));
    expect(await logOf(shared.store, place)).toHaveLength(large + 2);
  }, 30_000);

  test('refused commits leave their neighbours of the same burst alone', async () => {
    const place = shared.place();
    const tooLarge = () => [eventOf(shared.store.limits.maxEventBytes + 1)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        shared.store.append(commitOf(appendTo(place + i, 'no-stream', i % 4 === 1 ? tooLarge() : 2))),
      ),
    );
    const refused = outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []));
    expect(refused).toEqual([1, 5, 9, 13, 17, 21, 25, 29, 33, 37]);
    expect(await logOf(shared.store, place)).toHaveLength(60);
  });
}
