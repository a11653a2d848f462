import { cpSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventSourcingError, type RecordedEvent } from '@openbank/eventsourcing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCommitter, createStamps } from '../testing/commits.ts';
import { flipBit, offsetsIn } from '../testing/files.ts';
import { said, startAppender } from '../testing/program.ts';
import type { IndexProgress } from './messages.ts';
import {
  openSqliteEventStore,
  type SqliteEventStore,
  type SqliteEventStoreOptions,
} from './sqlite-event-store.ts';

let root: string;
let directory: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'openbank-damage-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const at = (file: string) => join(directory, file);

async function fill(store: SqliteEventStore, streams: number, events: number): Promise<void> {
  const stamp = createStamps(store.lastRecordedAt);
  const committers = Array.from({ length: streams }, (_, i) => createCommitter(`stream-${i}`, stamp));
  for (let i = 0; i < events; i++)
    await Promise.all(committers.map((committer) => store.append(committer.next())));
}

async function eventsOf(store: SqliteEventStore): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const { events } of store.readAll()) all.push(...events);
  return all;
}

/** What a start on the damaged files and a read of everything come to. */
async function whatIsServed(
  options: Partial<SqliteEventStoreOptions> = {},
): Promise<readonly RecordedEvent[] | EventSourcingError> {
  let store: SqliteEventStore | undefined;
  try {
    store = await openSqliteEventStore({ directory, ...options });
    return await eventsOf(store);
  } catch (error) {
    if (error instanceof EventSourcingError) return error;
    throw error;
  } finally {
    await store?.close();
  }
}

describe('a write-ahead log that a killed process has left', () => {
  let template: string;
  let acknowledged: readonly string[];
  beforeAll(async () => {
    template = join(root, 'killed');
    const appender = startAppender({ directory: template, clients: 4 });
    await appender.saying('ok', 80);
    await appender.kill();
    acknowledged = said(appender.lines, 'ok');
  });
  beforeEach(() => {
    directory = join(root, 'copy');
    rmSync(directory, { recursive: true, force: true });
    cpSync(template, directory, { recursive: true });
  });

  const expectNothingLost = (served: readonly RecordedEvent[] | EventSourcingError) => {
    if (served instanceof EventSourcingError) return expect(served.code).toBe('store-damaged');
    const ids = new Set(served.map(({ id }) => id));
    return expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  };

  test('is read as it is when it is whole', async () => {
    const served = await whatIsServed();
    expect(served).not.toBeInstanceOf(EventSourcingError);
    expectNothingLost(served);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'with a flipped bit, place %i, is refused or has lost nothing',
    async (place) => {
      flipBit(at('log.db-wal'), offsetsIn(at('log.db-wal'), 8)[place] ?? 0, place);
      expectNothingLost(await whatIsServed());
    },
  );

  test.each([0, 0.1, 0.35, 0.6, 0.85, 0.99])(
    'cut to %f of its length is refused or has lost nothing',
    async (part) => {
      truncateSync(at('log.db-wal'), Math.floor(statSync(at('log.db-wal')).size * part));
      expectNothingLost(await whatIsServed());
    },
  );

  test('that has lost its end is refused, and what remembers it is named', async () => {
    truncateSync(at('log.db-wal'), Math.floor(statSync(at('log.db-wal')).size / 2));
    const served = await whatIsServed();
    expect(served).toMatchObject({ code: 'store-damaged' });
    expect(String(served)).toMatch(/lost its end/);
    expect(String(served)).toMatch(/head|index\.db/);
  });

  test('that has lost its end is refused by what was made from it, where the file head is lost too', async () => {
    rmSync(at('head'));
    rmSync(at('index.db'), { force: true });
    truncateSync(at('log.db-wal'), Math.floor(statSync(at('log.db-wal')).size / 2));
    const derivedPositions = [{ name: 'read-models.db', position: '0000000000000079' }];
    const served = await whatIsServed({ derivedPositions });
    expect(served).toMatchObject({ code: 'store-damaged' });
    expect(String(served)).toMatch(/read-models\.db/);
  });
});

describe('a log at rest', () => {
  let template: string;
  let events: readonly RecordedEvent[];
  beforeAll(async () => {
    template = join(root, 'closed');
    const store = await openSqliteEventStore({ directory: template });
    await fill(store, 10, 20);
    events = await eventsOf(store);
    await store.close();
  });
  beforeEach(() => {
    directory = join(root, 'copy');
    rmSync(directory, { recursive: true, force: true });
    cpSync(template, directory, { recursive: true });
  });

  test.each([...Array(16).keys()])(
    'with a flipped bit, place %i, is refused, names it, or reads the same',
    async (place) => {
      flipBit(at('log.db'), offsetsIn(at('log.db'), 16)[place] ?? 0, place % 8);
      const served = await whatIsServed();
      if (served instanceof EventSourcingError) expect(served.message).toMatch(/log\.db/);
      else expect(served).toEqual(events);
    },
  );

  test('with a changed row names its position, in every way of reading', async () => {
    const database = new DatabaseSync(at('log.db'));
    database.exec("UPDATE events SET data = replace(data, '100.00', '900.00') WHERE position = 42");
    database.close();
    const store = await openSqliteEventStore({ directory });
    const named = {
      code: 'store-damaged',
      event: 'position 42',
      message: expect.stringMatching(/position 42/),
    };
    const stream = events[41]?.stream ?? '';
    await expect(eventsOf(store)).rejects.toMatchObject(named);
    for (const direction of ['forwards', 'backwards'] as const) {
      await expect(Array.fromAsync(store.readStream(stream, { direction }))).rejects.toMatchObject(named);
    }
    await expect(store.claim(`idempotency/anonymous/${events[41]?.id}`)).rejects.toMatchObject(named);
    expect(await Array.fromAsync(store.readStream(events[42]?.stream ?? ''))).toHaveLength(1);
    await store.close();
  });

  test('with a missing row names its position', async () => {
    const database = new DatabaseSync(at('log.db'));
    database.exec('DELETE FROM events WHERE position = 42');
    database.close();
    const store = await openSqliteEventStore({ directory });
    await expect(eventsOf(store)).rejects.toMatchObject({ message: expect.stringMatching(/position 42/) });
    await store.close();
  });

  test('without its index makes it again, the same, and says how far it is', async () => {
    const before = dump(at('index.db'));
    rmSync(at('index.db'));
    const progress: IndexProgress[] = [];
    const store = await openSqliteEventStore({ directory, onProgress: (step) => progress.push(step) });
    expect(await store.claim(`idempotency/anonymous/${events[7]?.id}`)).toBeDefined();
    await store.close();
    expect(dump(at('index.db'))).toEqual(before);
  });

  test.each([
    ['has lost a claim', 'DELETE FROM claims WHERE hash = (SELECT hash FROM claims LIMIT 1 OFFSET 5)'],
    [
      'has a flipped bit in a claim',
      'UPDATE claims SET hash = hash + 1 WHERE hash = (SELECT max(hash) FROM claims)',
    ],
    ['leads a claim elsewhere', 'UPDATE claims SET position = 3 WHERE position = 5'],
    ['has lost an event', 'DELETE FROM entries WHERE position = 200'],
    ['has a flipped bit in an event', 'UPDATE entries SET revision = revision + 64 WHERE position = 200'],
  ])('whose index %s is stopped, and makes it again at the next start', async (_, damage) => {
    const before = dump(at('index.db'));
    const database = new DatabaseSync(at('index.db'));
    database.exec(damage);
    database.close();
    const store = await openSqliteEventStore({ directory });
    const stopped = { kind: 'stopped', reason: expect.stringContaining('index.db is damaged') };
    await expect.poll(() => store.state, { timeout: 20_000 }).toMatchObject(stopped);
    await store.close();
    expect(await whatIsServed()).toEqual(events);
    expect(dump(at('index.db'))).toEqual(before);
  });

  test.each(['not a database', ''])('with "%s" for an index makes it again', async (content) => {
    writeFileSync(at('index.db'), content.padEnd(8192, content));
    expect(await whatIsServed()).toEqual(events);
  });

  test('without the file head, or with a torn one, starts', async () => {
    rmSync(at('head'));
    expect(await whatIsServed()).toEqual(events);
    writeFileSync(at('head'), '00000000');
    expect(await whatIsServed()).toEqual(events);
    expect(existsSync(at('head'))).toBe(true);
  });

  test('that is older than its index is refused', async () => {
    const store = await openSqliteEventStore({ directory });
    const committer = createCommitter('another', createStamps(store.lastRecordedAt));
    await store.append(committer.next());
    await store.close();
    cpSync(join(template, 'log.db'), at('log.db'));
    rmSync(at('head'));
    const served = await whatIsServed();
    expect(served).toMatchObject({ code: 'store-damaged' });
    expect(String(served)).toMatch(/index\.db remembers events up to 201/);
  });

  test('older than both goes on once index and head are taken away', async () => {
    const store = await openSqliteEventStore({ directory });
    await fill(store, 0, 0);
    await store.append(createCommitter('another', createStamps(store.lastRecordedAt)).next());
    await store.close();
    cpSync(join(template, 'log.db'), at('log.db'));
    rmSync(at('head'));
    rmSync(at('index.db'));
    expect(await whatIsServed()).toEqual(events);
  });
});

function dump(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = ['streams', 'entries', 'claims', 'reached'];
  const rows = tables.map((table) => {
    const statement = database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`);
    statement.setReadBigInts(true);
    return statement.all();
  });
  database.close();
  return rows;
}
