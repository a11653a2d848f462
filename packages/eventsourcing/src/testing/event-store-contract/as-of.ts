import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { NewEvent, Position } from '../../event.ts';
import type { Commit } from '../../event-store/event-store.ts';
import { positionAsOf } from '../../time-travel/position-as-of.ts';
import { appendTo, commitOf, newEvents } from '../event-factory.ts';
import type { SharedStore } from '../event-store-harness.ts';

/** So many events of one commit, which say where in it they stand. */
function eventsOfCommit(size: number): readonly NewEvent[] {
  const commit_id = randomUUID();
  return newEvents(size).map((event, index) => ({
    ...event,
    metadata: { commit_id, commit_index: String(index), commit_size: String(size) },
  }));
}

const timesOf = ({ streams }: Commit): readonly number[] =>
  streams.flatMap(({ events }) => events.map(({ recordedAt }) => recordedAt));

/** Where the log was at a time, found in whatever way the engine has. */
export function asOfContract(shared: SharedStore): void {
  const asOf = (time = Number.NaN) => positionAsOf(shared.store, time);

  /** Commits of one, three and two events, over two streams, and where each ends. */
  async function threeCommits() {
    const place = shared.place();
    const [one, [first, ...second], last] = [eventsOfCommit(1), eventsOfCommit(3), eventsOfCommit(2)];
    const commits = [
      commitOf(appendTo(`${place}a`, 'no-stream', one)),
      commitOf(
        appendTo(`${place}a`, 0, first === undefined ? [] : [first]),
        appendTo(`${place}b`, 'no-stream', second),
      ),
      commitOf(appendTo(`${place}b`, 1, last)),
    ];
    const ends: Position[] = [];
    for (const commit of commits) ends.push((await shared.store.append(commit)).position);
    return { times: commits.map(timesOf), ends };
  }

  test('at the time of each of its events the log is at the end of a commit', async () => {
    const { times, ends } = await threeCommits();
    for (const at of [0, -1]) expect(await Promise.all(times.map((each) => asOf(each.at(at))))).toEqual(ends);
    expect(await asOf(times[1]?.[1])).toBe(ends[1]);
  });

  test('before the first event of a commit the log is at the end of the commit before', async () => {
    const { times, ends } = await threeCommits();
    const [, second = [], third = []] = times;
    expect(await asOf((second[0] ?? 0) - 1)).toBe(ends[0]);
    expect(await asOf((third[0] ?? 0) - 1)).toBe(ends[1]);
  });

  test('after everything it is at its head, and before everything nowhere', async () => {
    const { ends } = await threeCommits();
    expect(await asOf(Number.MAX_SAFE_INTEGER)).toBe(ends.at(-1));
    expect(await shared.store.head()).toBe(ends.at(-1));
    expect(await asOf(0)).toBeUndefined();
  });
}
