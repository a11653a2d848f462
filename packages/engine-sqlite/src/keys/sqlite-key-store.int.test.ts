import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keyStoreContract } from '@openbank/eventsourcing/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteKeyStore } from './sqlite-key-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

keyStoreContract('the SQLite engine', {
  open: async () => openSqliteKeyStore({ directory }),
  reopen: async () => openSqliteKeyStore({ directory }),
});

test('only their owner can read the keys', async () => {
  const keys = openSqliteKeyStore({ directory });
  await keys.addKey('a', Buffer.from('wrapped'));
  for (const file of readdirSync(directory)) {
    expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  }
  await keys.close();
});

test('a destroyed key leaves no bytes in any file, also while the store is open', async () => {
  const keys = openSqliteKeyStore({ directory });
  const wrapped = Buffer.from('a key that has to be gone');
  await keys.addKey('a', wrapped);
  await keys.addKey('b', Buffer.from('another'));
  const bytes = () =>
    Buffer.concat(readdirSync(directory).map((file) => readFileSync(join(directory, file))));
  expect(bytes().includes(wrapped)).toBe(true);
  await keys.destroyKey('a');
  expect(bytes().includes(wrapped)).toBe(false);
  await keys.close();
});

test("another program's lock refuses a key, and is forgotten when it is gone", async () => {
  const keys = openSqliteKeyStore({ directory });
  const other = new DatabaseSync(join(directory, 'keys.db'));
  other.exec('BEGIN IMMEDIATE');
  await expect(keys.addKey('a', Buffer.from('wrapped'))).rejects.toMatchObject({ code: 'store-unavailable' });
  other.exec('ROLLBACK');
  other.close();
  expect(await keys.addKey('a', Buffer.from('wrapped'))).toEqual(new Uint8Array(Buffer.from('wrapped')));
  await keys.close();
});
