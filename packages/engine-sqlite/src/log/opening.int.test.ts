import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCommitter, createStamps } from '../testing/commits.ts';
import { said, startAppender } from '../testing/program.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openbank-opening-'));
  directory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true }));

test('a directory that is missing is made, and only its owner can read what is in it', async () => {
  directory = join(root, 'a', 'b');
  const store = await openSqliteEventStore({ directory });
  await store.append(createCommitter('a', createStamps(0)).next());
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(directory)) {
    expect([file, statSync(join(directory, file)).mode & 0o777]).toEqual([file, 0o600]);
  }
  await store.close();
});

test.each([
  { what: 'a file', path: () => join(root, 'file') },
  { what: 'below a file', path: () => join(root, 'file', 'data') },
  { what: 'where nothing can be made', path: () => '/proc/openbank' },
])('a data directory that is $what is refused by name', async ({ path }) => {
  writeFileSync(join(root, 'file'), '');
  await expect(openSqliteEventStore({ directory: path() })).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining(path()),
  });
});

test('a second process is refused, and told whom to stop', async () => {
  const store = await openSqliteEventStore({ directory });
  const second = startAppender({ directory, clients: 1, appends: 1 });
  await second.ended();
  expect(said(second.lines, 'open-failed')).toEqual(['store-locked']);
  expect(second.lines.join()).toContain(`process ${process.pid}:`);
  await store.append(createCommitter('a', createStamps(0)).next());
  await store.close();
  const third = startAppender({ directory, clients: 1, appends: 1 });
  await third.ended();
  expect(said(third.lines, 'ok')).toHaveLength(1);
});

test('a second store in the same process is refused too, and the first goes on', async () => {
  const store = await openSqliteEventStore({ directory });
  await expect(openSqliteEventStore({ directory })).rejects.toMatchObject({ code: 'store-locked' });
  await store.append(createCommitter('a', createStamps(0)).next());
  await store.close();
});

test('the lock of a killed process is free', async () => {
  const killed = startAppender({ directory });
  await killed.saying('ok');
  await killed.kill();
  expect(existsSync(join(directory, 'lock.pid'))).toBe(true);
  await (await openSqliteEventStore({ directory })).close();
});

test('a store that could not be opened has let go of the lock', async () => {
  const store = await openSqliteEventStore({ directory });
  await store.close();
  const derivedPositions = [{ name: 'read-models.db', position: '0000000000000009' }];
  await expect(openSqliteEventStore({ directory, derivedPositions })).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringMatching(/read-models\.db remembers events up to 9/),
  });
  await (await openSqliteEventStore({ directory })).close();
});

test('a derived file that remembers no position is named as damaged, with what to delete', async () => {
  const derivedPositions = [{ name: 'read-models.db', position: 'abc' }];
  await expect(openSqliteEventStore({ directory, derivedPositions })).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringMatching(/"abc", which is no position.* delete read-models\.db\*/),
  });
});

test('a log of another format is refused, not guessed at', async () => {
  await (await openSqliteEventStore({ directory })).close();
  const database = new DatabaseSync(join(directory, 'log.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(openSqliteEventStore({ directory })).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringMatching(/format 99/),
  });
});

test('what is there after closing needs no recovery', async () => {
  const store = await openSqliteEventStore({ directory });
  await store.append(createCommitter('a', createStamps(0)).next());
  await store.close();
  expect(statSync(join(directory, 'log.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  expect(statSync(join(directory, 'index.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
});
