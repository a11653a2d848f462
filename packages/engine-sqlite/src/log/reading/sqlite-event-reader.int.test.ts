import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@openbank/eventsourcing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCommitter, createStamps } from '../../testing/commits.ts';
import { openSqliteEventStore, type SqliteEventStore } from '../sqlite-event-store.ts';
import { openSqliteEventReader, type SqliteEventReader } from './sqlite-event-reader.ts';

// What another thread does with the directory and the shared head; a thread of its own would not do it differently.

let directory: string;
let store: SqliteEventStore;
let reader: SqliteEventReader;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-reader-'));
  store = await openSqliteEventStore({ directory });
  reader = openSqliteEventReader({ directory, head: store.sharedHead });
});
afterEach(async () => {
  await reader.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

const append = async (streams: number, events: number) => {
  const stamp = createStamps(store.lastRecordedAt);
  const committers = Array.from({ length: streams }, (_, i) => createCommitter(`stream-${i}`, stamp));
  for (let i = 0; i < events; i++) await Promise.all(committers.map((one) => store.append(one.next())));
};

async function eventsOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> {
  return (await Array.fromAsync(pages)).flat();
}

test('an empty log has no head, and reads as empty', async () => {
  expect(await reader.head()).toBeUndefined();
  expect(await eventsOf(reader.readStream('stream-0'))).toEqual([]);
  expect(await Array.fromAsync(reader.readAll())).toEqual([]);
});

test('it reads what the store reads, of what the index holds and of what is younger', async () => {
  await append(5, 20);
  for (const wait of [0, 300]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    expect(await reader.head()).toBe(await store.head());
    expect(await Array.fromAsync(reader.readAll())).toEqual(await Array.fromAsync(store.readAll()));
    for (const read of [{}, { from: 7, limit: 5 }, { direction: 'backwards', from: 12 } as const]) {
      const stored = await eventsOf(store.readStream('stream-3', read));
      expect(await eventsOf(reader.readStream('stream-3', read))).toEqual(stored);
      expect(stored.length).toBeGreaterThan(0);
    }
  }
});

test('a subscription is woken by appends, and ended with store-unavailable by closing', async () => {
  const seen: string[] = [];
  const subscription = (async () => {
    for await (const message of reader.subscribe()) {
      if (message.kind === 'page') seen.push(...message.events.map(({ position }) => position));
    }
  })();
  const ended = expect(subscription).rejects.toMatchObject({ code: 'store-unavailable' });
  await append(3, 30);
  const begin = Date.now();
  while (seen.length < 90 && Date.now() - begin < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(Array.from({ length: 90 }, (_, i) => String(i + 1).padStart(16, '0')));
  expect(Date.now() - begin).toBeLessThan(900);
  await reader.close();
  await ended;
});

test('a closed reader is store-unavailable', async () => {
  await reader.close();
  await expect(reader.head()).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(eventsOf(reader.readStream('stream-0'))).rejects.toMatchObject({ code: 'store-unavailable' });
});
