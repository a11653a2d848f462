import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import type { EventReader, EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { arrived, CRATES, createRecorder } from '../testing/crates.ts';
import { createFollower } from './follower.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';
import { createRunningProjection, type RunningProjection } from './running-projection.ts';

const PARTITIONS = 4;

let events: EventStore;
/** Of each reading of the log, where it begins. */
let readings: (Position | undefined)[];
let failing: Position | undefined;
let reader: EventReader;

beforeEach(() => {
  events = createMemoryEventStore();
  readings = [];
  failing = undefined;
  reader = {
    ...events,
    readAll(options = {}) {
      readings.push(options.after);
      if (failing !== undefined && options.after === failing) throw damaged();
      return events.readAll(options);
    },
  };
});

const damaged = () => new EventSourcingError('store-damaged', 'a page of the log is damaged');

/** Records crates; answers the positions of their events. */
async function record(count: number): Promise<readonly Position[]> {
  const recorder = createRecorder(events);
  const positions: Position[] = [];
  for (let at = 0; at < count; at++) {
    await recorder.record(`crate-${at}`, arrived('ann'));
    positions.push((await events.head()) ?? '');
  }
  return positions;
}

/** Partitions of a read model that stand where others have left them. */
async function partsAt(...positions: readonly Position[]) {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const retrying = { signal: ending.signal, firstDelay: 1, longestDelay: 1 };
  const store = createMemoryReadModelStore({ partitions: PARTITIONS });
  await store.prepare(CRATES);
  const options = { store, reader, retrying, cachedDocuments: 100, checkpointInterval: 0, tell: () => {} };
  const parts: RunningProjection[] = [];
  for (const [partition, position] of positions.entries()) {
    const epoch = await store.takeOver(CRATES, partition);
    await store.apply(CRATES, { partition, after: undefined, position, epoch, changes: [] });
    const part = createRunningProjection(CRATES, { index: partition, of: PARTITIONS }, options);
    await part.start(undefined);
    parts.push(part);
  }
  const following = { reader, prefixes: [CRATES.streamPrefix], batchEvents: 30_000, fillTime: 0 };
  return { parts, follower: createFollower(following, retrying) };
}

describe('partitions that others have left', () => {
  test('a few events apart read the log together, once', async () => {
    const positions = await record(8);
    const { parts, follower } = await partsAt(...positions.slice(0, PARTITIONS));
    await follower.join(parts);
    // A look at who is near, and the reading.
    expect(readings).toEqual([positions[0], positions[0]]);
    expect(parts.map((part) => part.checkpoint())).toEqual(parts.map(() => positions.at(-1)));
  });

  test('far apart do not wait for each other', async () => {
    const positions = await record(2_500);
    const near = positions[2_400];
    const { parts, follower } = await partsAt(positions[0] ?? '', near ?? '');
    await follower.join(parts);
    expect(readings).toContain(near);
    expect(parts.map((part) => part.checkpoint())).toEqual(parts.map(() => positions.at(-1)));
  });

  test('where one cannot read the log, those that are far ahead of that go on', async () => {
    const positions = await record(2_500);
    failing = positions[0];
    const { parts, follower } = await partsAt(positions[0] ?? '', positions[2_400] ?? '');
    await follower.join(parts);
    expect(parts.map((part) => part.stopped())).toEqual([true, false]);
    expect(parts[1]?.checkpoint()).toBe(positions.at(-1));
  });
});
