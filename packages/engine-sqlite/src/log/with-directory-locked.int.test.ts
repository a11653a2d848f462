import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from './lock.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';
import { withDirectoryLocked } from './with-directory-locked.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-in-use-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function isLocked(): boolean {
  try {
    takeLock(directory).release();
    return false;
  } catch {
    return true;
  }
}

it('does nothing while the log is open', async () => {
  const store = await openSqliteEventStore({ directory });
  let done = false;
  const work = (): void => {
    done = true;
  };
  await expect(withDirectoryLocked(directory, work)).rejects.toMatchObject({ code: 'store-locked' });
  expect(done).toBe(false);
  await store.close();
  await withDirectoryLocked(directory, work);
  expect(done).toBe(true);
});

it('keeps everybody out while something is done, and only then', async () => {
  const result = await withDirectoryLocked(directory, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    expect(isLocked()).toBe(true);
    return 'done';
  });
  expect(result).toBe('done');
  const fails = (): never => {
    throw new Error('in the middle');
  };
  await expect(withDirectoryLocked(directory, fails)).rejects.toThrow('in the middle');
  expect(isLocked()).toBe(false);
});

it('says when the directory is locked, before it has looked at the log', async () => {
  let locked = false;
  const store = await openSqliteEventStore({
    directory,
    onLocked() {
      locked = isLocked() && !readdirSync(directory).includes('log.db');
    },
  });
  await store.close();
  expect(locked).toBe(true);
});

it('does not say so to who comes second', async () => {
  const store = await openSqliteEventStore({ directory });
  let locked = false;
  const second = openSqliteEventStore({
    directory,
    onLocked() {
      locked = true;
    },
  });
  await expect(second).rejects.toMatchObject({ code: 'store-locked' });
  await store.close();
  expect(locked).toBe(false);
});
