import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { positionAsOf } from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvent } from '@openbank/eventsourcing/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteVerifiableLog } from '../verification/sqlite-verifiable-log.ts';
import { openSqliteEventReader } from './reading/sqlite-event-reader.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-imports-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const at = (recordedAt: number) => [newEvent({ recordedAt })];

async function withStore<Result>(
  imports: boolean,
  use: (store: Awaited<ReturnType<typeof openSqliteEventStore>>) => Promise<Result>,
): Promise<Result> {
  const store = await openSqliteEventStore({ directory, imports });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function oneClock(): boolean {
  const log = openSqliteVerifiableLog(directory);
  try {
    return log.oneClock;
  } finally {
    log.close();
  }
}

it('takes the commits of another log with their times, which rise along each stream only, and is marked', async () => {
  await withStore(true, async (store) => {
    await store.append(commitOf(appendTo('a', 'no-stream', at(2_000))));
    await store.append(commitOf(appendTo('b', 'no-stream', at(1_000)), appendTo('a', 0, at(2_001))));
    await store.append(commitOf(appendTo('c', 'no-stream', at(500))));
  });
  expect(oneClock()).toBe(false);
});

it('says to its readers whether one clock has stamped it', async () => {
  expect(await withStore(false, async (store) => store.oneClock)).toBe(true);
  expect(await withStore(true, async (store) => store.oneClock)).toBe(false);
  const seen = await withStore(false, async (store) => {
    const reader = openSqliteEventReader({ directory, head: store.sharedHead });
    await reader.close();
    return [store.oneClock, reader.oneClock];
  });
  expect(seen).toEqual([false, false]);
});

it('is looked through from its start for where it was at a time', async () => {
  await withStore(true, async (store) => {
    const { position } = await store.append(commitOf(appendTo('a', 'no-stream', at(1_000))));
    await store.append(commitOf(appendTo('b', 'no-stream', at(3_000))));
    await store.append(commitOf(appendTo('c', 'no-stream', at(2_000))));
    expect(await positionAsOf(store, 2_500)).toBe(position);
    expect(await positionAsOf(store, 3_000)).toBe(await store.head());
  });
});

it('is stamped past its last event by whoever appends afterwards', async () => {
  await withStore(true, (store) => store.append(commitOf(appendTo('a', 'no-stream', at(2_000)))));
  await withStore(false, async (store) => {
    expect(store.lastRecordedAt).toBe(2_000);
    await expect(store.append(commitOf(appendTo('b', 'no-stream', at(2_000))))).rejects.toMatchObject({
      code: 'time-refused',
    });
    await store.append(commitOf(appendTo('b', 'no-stream', at(2_001))));
  });
  expect(oneClock()).toBe(false);
});

it('keeps one clock where nothing was imported', async () => {
  await withStore(false, async (store) => {
    await store.append(commitOf(appendTo('a', 'no-stream', at(2_000))));
    await expect(store.append(commitOf(appendTo('b', 'no-stream', at(1_000))))).rejects.toMatchObject({
      code: 'time-refused',
    });
  });
  expect(oneClock()).toBe(true);
});
