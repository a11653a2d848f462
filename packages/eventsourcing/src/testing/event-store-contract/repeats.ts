import { expect, test } from 'vitest';
import type { Commit } from '../../event-store/event-store.ts';
import { appendTo, claimOn, commitOf, newEvent, newEvents, withClaims } from '../event-factory.ts';
import { idsOf, logOf, refusalOf, type SharedStore } from '../event-store-harness.ts';

/** What is recognised as the identical commit, and what is not. */
export function repeatContract(shared: SharedStore): void {
  const idsInLog = async (prefix: string) => idsOf(await logOf(shared.store, prefix));

  test('answers the first position and is once in the log', async () => {
    const place = shared.place();
    const commit = commitOf(appendTo(`${place}a`, 'no-stream', 3));
    const first = await shared.store.append(commit);
    expect(await shared.store.append(commit)).toEqual(first);
    expect(await shared.store.append(structuredClone(commit))).toEqual(first);
    expect(await logOf(shared.store, place)).toHaveLength(3);
  });

  test('answers the first position after later appends too', async () => {
    const place = shared.place();
    const stream = `${place}a`;
    await shared.store.append(commitOf(appendTo(stream, 'no-stream', 2)));
    const commit = withClaims(commitOf(appendTo(stream, 1, 2)), `${place}key`);
    const first = await shared.store.append(commit);
    for (let revision = 3; revision < 8; revision++)
      await shared.store.append(commitOf(appendTo(stream, revision)));
    expect(await shared.store.append(commit)).toEqual(first);
    expect(await logOf(shared.store, place)).toHaveLength(9);
  });

  test('answers the first position over several streams with several claims', async () => {
    const place = shared.place();
    const commit = withClaims(
      commitOf(appendTo(`${place}b`, 'no-stream', 2), appendTo(`${place}a`, 'no-stream', 3)),
      `${place}key`,
      `${place}once`,
    );
    const first = await shared.store.append(commit);
    await shared.store.append(commitOf(appendTo(`${place}a`, 2), appendTo(`${place}b`, 1)));
    expect(await shared.store.append(commit)).toEqual(first);
    expect(await logOf(shared.store, place)).toHaveLength(7);
  });

  test('submitted many times at once, all succeed with one position and it is once in the log', async () => {
    const place = shared.place();
    const commit = withClaims(commitOf(appendTo(`${place}a`, 'no-stream', 2)), `${place}key`);
    const answers = await Promise.all(Array.from({ length: 8 }, () => shared.store.append(commit)));
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    expect(await logOf(shared.store, place)).toHaveLength(2);
  });

  test('the same revision with other ids is a conflict', async () => {
    const place = shared.place();
    const commit = commitOf(appendTo(`${place}a`, 'no-stream', 2));
    await shared.store.append(commit);
    const error = await refusalOf(shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', 2))));
    expect(error).toMatchObject({ code: 'revision-conflict', actual: 1 });
    expect(await logOf(shared.store, place)).toHaveLength(2);
  });

  test('the same ids at another revision are a conflict', async () => {
    const place = shared.place();
    const events = newEvents(2);
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', events)));
    const error = await refusalOf(shared.store.append(commitOf(appendTo(`${place}a`, 0, events))));
    expect(error).toMatchObject({ code: 'revision-conflict', actual: 1 });
  });

  test.each([
    { what: 'another last event', change: (ids: string[]) => [ids[0], undefined] },
    { what: 'another first event', change: (ids: string[]) => [undefined, ids[1]] },
    { what: 'one event more', change: (ids: string[]) => [ids[0], ids[1], undefined] },
    { what: 'its events in another order', change: (ids: string[]) => [ids[1], ids[0]] },
  ])('a partial match with $what is a conflict', async ({ change }) => {
    const place = shared.place();
    const events = newEvents(2);
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', events)));
    const changed = change(idsOf(events)).map((id) => newEvent(id === undefined ? {} : { id }));
    const error = await refusalOf(shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', changed))));
    expect(error).toMatchObject({ code: 'revision-conflict', stream: `${place}a`, actual: 1 });
    expect(await idsInLog(place)).toEqual(idsOf(events));
  });

  test('a match on one stream and not on the other is a conflict, and nothing is written', async () => {
    const place = shared.place();
    const written = appendTo(`${place}a`, 'no-stream', 2);
    await shared.store.append(commitOf(written));
    const commit = commitOf(written, appendTo(`${place}b`, 'no-stream'));
    expect(await refusalOf(shared.store.append(commit))).toMatchObject({ stream: `${place}a`, actual: 1 });
    expect(await idsInLog(place)).toEqual(idsOf(written.events));
  });

  test('the same events with one claim more are a conflict, and the claim stays free', async () => {
    const place = shared.place();
    const commit = withClaims(commitOf(appendTo(`${place}a`, 'no-stream')), `${place}key`);
    await shared.store.append({ ...commit, claims: [] });
    expect(await refusalOf(shared.store.append(commit))).toMatchObject({
      code: 'revision-conflict',
      actual: 0,
    });
    expect(await shared.store.claim(`${place}key`)).toBeUndefined();
  });

  test.each<{ what: string; change: (commit: Commit, name: string) => Commit }>([
    {
      what: 'for another request',
      change: (commit, name) => ({ ...commit, claims: [claimOn(commit, name, 'another request')] }),
    },
    {
      what: 'that points at fewer events',
      change: (commit, name) => ({
        ...commit,
        claims: [
          {
            ...claimOn(commit, name),
            events: [{ stream: commit.streams[0]?.stream ?? '', first: 0, last: 0 }],
          },
        ],
      }),
    },
  ])('the same events with the claim $what find it taken', async ({ change }) => {
    const place = shared.place();
    const commit = withClaims(commitOf(appendTo(`${place}a`, 'no-stream', 2)), `${place}key`);
    await shared.store.append(commit);
    const error = await refusalOf(shared.store.append(change(commit, `${place}key`)));
    expect(error).toMatchObject({ code: 'claim-taken', claim: commit.claims[0] });
    expect(await shared.store.claim(`${place}key`)).toEqual(commit.claims[0]);
  });
}
