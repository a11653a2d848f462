import { expect, test } from 'vitest';
import { RevisionConflict } from '../../event-store/errors.ts';
import type { ExpectedRevision } from '../../event-store/event-store.ts';
import { appendTo, commitOf, newEvents } from '../event-factory.ts';
import { eventsOf, idsOf, logOf, refusalOf, type SharedStore } from '../event-store-harness.ts';

/** Expected revisions of one stream. */
export function appendContract(shared: SharedStore): void {
  test('a new stream starts at revision 0 and goes on without gaps', async () => {
    const stream = `${shared.place()}a`;
    const events = newEvents(5);
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', events.slice(0, 2))));
    await shared.store.append(commitOf(appendTo(stream, 1, events.slice(2, 3))));
    await shared.store.append(commitOf(appendTo(stream, 2, events.slice(3))));
    const stored = await eventsOf(shared.store.readStream(stream));
    expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
    expect(idsOf(stored)).toEqual(idsOf(events));
  });

  test('an append answers the position of its last event', async () => {
    const stream = `${shared.place()}a`;
    const first = await shared.store.append(commitOf(appendTo(stream, 'no-stream', 3)));
    const second = await shared.store.append(commitOf(appendTo(stream, 2, 2)));
    const stored = await eventsOf(shared.store.readStream(stream));
    expect(first.position).toBe(stored[2]?.position);
    expect(second.position).toBe(stored[4]?.position);
  });

  test.each<{ what: string; expected: ExpectedRevision }>([
    { what: 'too low', expected: 1 },
    { what: 'zero', expected: 0 },
    { what: 'too high', expected: 3 },
    { what: 'far too high', expected: 1_000_000 },
    { what: 'no-stream although it exists', expected: 'no-stream' },
  ])('a revision that is $what is a conflict that names stream and real revision', async ({ expected }) => {
    const stream = `${shared.place()}a`;
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', 3)));
    const error = await refusalOf(shared.store.append(commitOf(appendTo(stream, expected))));
    expect(error).toBeInstanceOf(RevisionConflict);
    expect(error).toMatchObject({ code: 'revision-conflict', stream, expected, actual: 2 });
    expect(error.message).toContain(stream);
  });

  test('a revision of a stream that does not exist is a conflict with no-stream', async () => {
    const stream = `${shared.place()}a`;
    const error = await refusalOf(shared.store.append(commitOf(appendTo(stream, 0))));
    expect(error).toBeInstanceOf(RevisionConflict);
    expect(error).toMatchObject({ stream, expected: 0, actual: 'no-stream' });
  });

  test('a refused append writes nothing and moves nothing', async () => {
    const place = shared.place();
    const stream = `${place}a`;
    await refusalOf(shared.store.append(commitOf(appendTo(stream, 7))));
    const events = newEvents(2);
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', events.slice(0, 1))));
    await refusalOf(shared.store.append(commitOf(appendTo(stream, 'no-stream'))));
    await refusalOf(shared.store.append(commitOf(appendTo(stream, 1))));
    await shared.store.append(commitOf(appendTo(stream, 0, events.slice(1))));
    expect(idsOf(await logOf(shared.store, place))).toEqual(idsOf(events));
  });

  test('of concurrent first appends exactly one wins, and the others learn its revision', async () => {
    const stream = `${shared.place()}a`;
    const commits = Array.from({ length: 10 }, () => commitOf(appendTo(stream, 'no-stream', 2)));
    const outcomes = await Promise.allSettled(commits.map((commit) => shared.store.append(commit)));
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(9);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'revision-conflict', actual: 1 });
    const winner = commits[outcomes.findIndex(({ status }) => status === 'fulfilled')];
    expect(idsOf(await eventsOf(shared.store.readStream(stream)))).toEqual(
      idsOf(winner?.streams[0]?.events ?? []),
    );
  });

  test('of concurrent appends at the same revision exactly one wins, and no neighbour suffers', async () => {
    const place = shared.place();
    await shared.store.append(commitOf(appendTo(`${place}hot`, 'no-stream')));
    const hot = Array.from({ length: 5 }, () => shared.store.append(commitOf(appendTo(`${place}hot`, 0))));
    const cold = Array.from({ length: 5 }, (_, i) =>
      shared.store.append(commitOf(appendTo(`${place}cold-${i}`, 'no-stream'))),
    );
    const outcomes = await Promise.allSettled(hot);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.all(cold);
    expect(await logOf(shared.store, `${place}cold-`)).toHaveLength(5);
    expect(await logOf(shared.store, `${place}hot`)).toHaveLength(2);
  });

  test('stream names are told apart to the character', async () => {
    const place = shared.place();
    const names = [
      'a',
      'A',
      'a ',
      ' a',
      '\u00e4',
      'a\u0308',
      'a/b',
      'a%',
      'a_',
      "a'b",
      'a"b',
      'a\\b',
      '日本',
      '😀',
      '0',
      '00',
    ];
    await Promise.all(
      names.map((name) => shared.store.append(commitOf(appendTo(place + name, 'no-stream')))),
    );
    for (const name of names) {
      const stored = await eventsOf(shared.store.readStream(place + name));
      expect(stored.map(({ stream }) => stream)).toEqual([place + name]);
    }
  });
}
