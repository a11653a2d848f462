import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Position, RecordedEvent } from '../../event.ts';
import { appendTo, commitOf } from '../event-factory.ts';
import { eventsOf, expectAscending, idsOf, logOf, type SharedStore } from '../event-store-harness.ts';

/** Positions: plain comparison of strings is commit order. */
export function orderContract(shared: SharedStore): void {
  /** 20 streams at once, on each of them 10 appends one after the other. */
  const append200 = (place: string) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, s) => {
        const positions: Position[] = [];
        for (let i = 0; i < 10; i++) {
          const expected = i === 0 ? 'no-stream' : i - 1;
          const { position } = await shared.store.append(commitOf(appendTo(`${place}${s}`, expected)));
          positions.push(position);
        }
        return positions;
      }),
    );

  test('200 concurrent appends lie in the log by position, each stream by revision', async () => {
    const place = shared.place();
    const answers = await append200(place);
    const log = await logOf(shared.store, place);
    expect(log).toHaveLength(200);
    expectAscending(log.map(({ position }) => position));
    for (const [s, positions] of answers.entries()) {
      const stream = await eventsOf(shared.store.readStream(`${place}${s}`));
      expect(stream.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(stream.map(({ position }) => position)).toEqual(positions);
      expect(log.filter((event) => event.stream === `${place}${s}`)).toEqual(stream);
    }
  });

  test('200 appends in one burst lie in the log by position', async () => {
    const place = shared.place();
    const commits = Array.from({ length: 200 }, (_, i) => commitOf(appendTo(place + i, 'no-stream')));
    const answers = await Promise.all(commits.map((commit) => shared.store.append(commit)));
    const log = await logOf(shared.store, place);
    expectAscending(log.map(({ position }) => position));
    expect(log.map(({ position }) => position)).toEqual(answers.map(({ position }) => position).sort());
  });

  test('what is acknowledged before another append is asked for lies before it', async () => {
    const place = shared.place();
    const first = await shared.store.append(commitOf(appendTo(`${place}a`, 'no-stream')));
    const second = await shared.store.append(commitOf(appendTo(`${place}b`, 'no-stream')));
    expect(second.position > first.position).toBe(true);
  });

  test('an acknowledged event is in the next read, the head at or behind it', async () => {
    const place = shared.place();
    for (let i = 0; i < 10; i++) {
      const { position } = await shared.store.append(commitOf(appendTo(place + i, 'no-stream')));
      const head = await shared.store.head();
      expect(head !== undefined && head >= position).toBe(true);
      expect((await logOf(shared.store, place)).at(-1)?.position).toBe(position);
      expect(await eventsOf(shared.store.readStream(place + i))).toHaveLength(1);
    }
  });

  test('whoever has seen a position never later finds a new event before it', async () => {
    const place = shared.place();
    let after = await shared.store.head();
    const seen: RecordedEvent[] = [];
    const readOn = async () => {
      for await (const page of shared.store.readAll({
        prefixes: [place],
        ...(after !== undefined && { after }),
      })) {
        seen.push(...page.events);
        after = page.position;
      }
    };
    let appending = true;
    const appends = append200(place).finally(() => {
      appending = false;
    });
    while (appending) {
      await readOn();
      // A reader that never waits must not keep the answers of the appends from coming in.
      await setImmediate();
    }
    await appends;
    await readOn();
    expect(idsOf(seen)).toEqual(idsOf(await logOf(shared.store, place)));
    expect(seen).toHaveLength(200);
  });
}
