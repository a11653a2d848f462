import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCommitter, createStamps } from '../testing/commits.ts';
import { openSqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';

async function open(options: Omit<SqliteEventStoreOptions, 'directory'>) {
  const directory = mkdtempSync(join(tmpdir(), 'openbank-overload-'));
  const store = await openSqliteEventStore({ directory, ...options });
  onTestFinished(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  return store;
}

test('more than a group and the queue take is refused at once and definitely, the rest is written', async () => {
  const store = await open({ queue: { commits: 50, events: 1_000, bytes: 10_000_000 } });
  const stamp = createStamps(0);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4_000 }, (_, i) => store.append(createCommitter(`stream-${i}`, stamp).next())),
  );
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'overloaded' } });
  let events = 0;
  for await (const page of store.readAll()) events += page.events.length;
  expect(events).toBe(4_000 - refused.length);
  await store.append(createCommitter('afterwards', stamp).next());
});

test('what the index cannot follow is refused, and taken again when the index has come', async () => {
  const store = await open({ maxTailEvents: 100 });
  const stamp = createStamps(0);
  let overloaded = 0;
  let written = 0;
  for (let i = 0; i < 400; i++) {
    try {
      await store.append(createCommitter(`stream-${i}`, stamp).next());
      written++;
    } catch (error) {
      expect(error).toMatchObject({ code: 'overloaded' });
      overloaded++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  expect(written).toBeGreaterThan(100);
  expect(overloaded + written).toBe(400);
});
