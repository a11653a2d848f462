import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../event.ts';
import { appendTo, commitOf, newEvents, withClaims } from '../event-factory.ts';
import { eventsOf, idsOf, logOf, refusalOf, type SharedStore } from '../event-store-harness.ts';

/** All of a commit or nothing, and together in the log. */
export function atomicCommitContract(shared: SharedStore): void {
  /** A commit on three streams; its number is in the metadata of each of its events. */
  const threeStreams = (place: string, number: number) => {
    const events = (count: number) => newEvents(count, { metadata: { commit: String(number) } });
    return commitOf(
      appendTo(`${place}${number}-z`, 'no-stream', events(2)),
      appendTo(`${place}${number}-a`, 'no-stream', events(1)),
      appendTo(`${place}${number}-m`, 'no-stream', events(3)),
    );
  };

  test('each stream goes on from its own revision', async () => {
    const place = shared.place();
    await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream', 3)));
    await shared.store.append(commitOf(appendTo(`${place}a`, 2), appendTo(`${place}b`, 'no-stream', 2)));
    const revisions = async (stream: string) =>
      (await eventsOf(shared.store.readStream(stream))).map(({ revision }) => revision);
    expect(await revisions(`${place}a`)).toEqual([0, 1, 2, 3]);
    expect(await revisions(`${place}b`)).toEqual([0, 1]);
  });

  test('the answer is the position of the last event of the last stream', async () => {
    const place = shared.place();
    const { position } = await shared.store.append(threeStreams(place, 1));
    expect((await logOf(shared.store, place)).at(-1)?.position).toBe(position);
  });

  test('events lie in the log grouped by stream, in the order given', async () => {
    const place = shared.place();
    const commit = threeStreams(place, 1);
    await shared.store.append(commit);
    expect(idsOf(await logOf(shared.store, place))).toEqual(
      commit.streams.flatMap(({ events }) => idsOf(events)),
    );
  });

  test.each([
    { what: 'first', stale: 0 },
    { what: 'middle', stale: 1 },
    { what: 'last', stale: 2 },
  ])('a stale $what stream refuses all, is named, and nothing is written', async ({ stale }) => {
    const place = shared.place();
    const names = ['a', 'b', 'c'].map((name) => place + name);
    await shared.store.append(commitOf(...names.map((name) => appendTo(name, 'no-stream', 2))));
    const before = idsOf(await logOf(shared.store, place));
    const commit = commitOf(...names.map((name, i) => appendTo(name, i === stale ? 0 : 1)));
    const error = await refusalOf(shared.store.append(withClaims(commit, `${place}key`)));
    expect(error).toMatchObject({ code: 'revision-conflict', stream: names[stale], expected: 0, actual: 1 });
    expect(idsOf(await logOf(shared.store, place))).toEqual(before);
    expect(await shared.store.claim(`${place}key`)).toBeUndefined();
    await shared.store.append(commitOf(...names.map((name) => appendTo(name, 1))));
  });

  test('of several stale streams the first in the order given is named', async () => {
    const place = shared.place();
    const error = await refusalOf(
      shared.store.append(
        commitOf(appendTo(`${place}a`, 'no-stream'), appendTo(`${place}c`, 3), appendTo(`${place}b`, 3)),
      ),
    );
    expect(error).toMatchObject({ stream: `${place}c`, actual: 'no-stream' });
  });

  test('commits that cross each other on two streams: one wins, the other writes nothing', async () => {
    const place = shared.place();
    const there = commitOf(appendTo(`${place}a`, 'no-stream'), appendTo(`${place}b`, 'no-stream'));
    const back = commitOf(appendTo(`${place}b`, 'no-stream'), appendTo(`${place}a`, 'no-stream'));
    const outcomes = await Promise.allSettled([shared.store.append(there), shared.store.append(back)]);
    const winner = outcomes[0]?.status === 'fulfilled' ? there : back;
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(idsOf(await logOf(shared.store, place))).toEqual(
      winner.streams.flatMap(({ events }) => idsOf(events)),
    );
  });

  test('concurrent commits do not interleave in the log', async () => {
    const place = shared.place();
    const commits = Array.from({ length: 40 }, (_, i) => threeStreams(place, i));
    await Promise.all(commits.map((commit) => shared.store.append(commit)));
    expect(runsOfCommits(await logOf(shared.store, place))).toHaveLength(40);
  });

  test('no page of the log holds half a commit while commits are appended', async () => {
    const place = shared.place();
    const expectWholeCommits = async () => {
      for await (const { events } of shared.store.readAll({ prefixes: [place] })) {
        for (const run of runsOfCommits(events)) expect(run).toHaveLength(6);
      }
    };
    let appending = true;
    const commits = Array.from({ length: 60 }, (_, i) => threeStreams(place, i));
    const appends = Promise.all(commits.map((commit) => shared.store.append(commit))).finally(() => {
      appending = false;
    });
    while (appending) {
      await expectWholeCommits();
      // A reader that never waits must not keep the answers of the appends from coming in.
      await setImmediate();
    }
    await appends;
    await expectWholeCommits();
    expect(await logOf(shared.store, place)).toHaveLength(360);
  });
}

/** Neighbours in the log that carry the same commit number. */
function runsOfCommits(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const runs: RecordedEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run?.[0]?.metadata.commit === event.metadata.commit) run?.push(event);
    else runs.push([event]);
  }
  return runs;
}
