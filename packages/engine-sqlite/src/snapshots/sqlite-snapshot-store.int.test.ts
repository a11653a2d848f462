import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SnapshotStore } from '@openbank/eventsourcing';
import { snapshotOf, snapshotStoreContract } from '@openbank/eventsourcing/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { highestSnapshotPosition } from './snapshots-file.ts';
import { openSqliteSnapshotStore } from './sqlite-snapshot-store.ts';

let directory: string;
let opened: SnapshotStore[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-snapshots-'));
});
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
  rmSync(directory, { recursive: true });
});

const file = () => join(directory, 'snapshots.db');
const open = (queue?: { snapshots: number; characters: number }) => {
  const store = openSqliteSnapshotStore({ directory, ...(queue && { queue }) });
  opened.push(store);
  return store;
};

/** A file with two snapshots, closed. */
async function filled(): Promise<void> {
  const store = open();
  await store.save(snapshotOf());
  await store.save(snapshotOf({ stream: 'shelf-b', position: '0000000000000200' }));
  await store.close();
}

const find = (store: SnapshotStore) => store.load('shelf-a', '1-abc');

snapshotStoreContract('the SQLite engine', {
  open: async (keep) => openSqliteSnapshotStore({ directory, keep }),
  reopen: async () => openSqliteSnapshotStore({ directory }),
});

describe('the file of the snapshots', () => {
  it('is its owner’s alone, and need not be there', async () => {
    const store = open();
    expect(await find(store)).toBeUndefined();
    expect(existsSync(file())).toBe(false);
    await store.save(snapshotOf());
    expect(await find(store)).toEqual(snapshotOf());
    for (const each of readdirSync(directory))
      expect(statSync(join(directory, each)).mode & 0o777).toBe(0o600);
  });

  it('remembers how far the log had come', async () => {
    expect(highestSnapshotPosition(directory)).toBeUndefined();
    await filled();
    const before = readFileSync(file());
    expect(highestSnapshotPosition(directory)).toBe('0000000000000200');
    expect(readFileSync(file()).equals(before)).toBe(true);
    const store = open();
    await store.save(snapshotOf({ stream: 'shelf-c', position: '0000000000000150' }));
    expect(highestSnapshotPosition(directory)).toBe('0000000000000200');
  });

  it('with a damaged position remembers none, rather than a wrong one', async () => {
    await filled();
    const database = new DatabaseSync(file());
    database.exec("UPDATE reached SET position = '0000000000000900'");
    database.close();
    expect(highestSnapshotPosition(directory)).toBeUndefined();
  });

  it.each([
    ['no database', () => writeFileSync(file(), 'x'.repeat(20_000))],
    ['cut', () => truncateSync(file(), 5_000)],
    ['of another version', () => setVersion(77)],
  ])('that is %s says nothing, and is begun anew', async (_, spoil) => {
    await filled();
    spoil();
    expect(highestSnapshotPosition(directory)).toBeUndefined();
    const store = open();
    await find(store).catch((error: unknown) => expect(error).toMatchObject({ code: 'store-damaged' }));
    await vi.waitFor(async () => {
      await store.save(snapshotOf({ revision: 199 }));
      expect(await find(store)).toMatchObject({ revision: 199 });
    });
    expect(await store.load('shelf-b', '1-abc')).toBeUndefined();
  });

  it('that is damaged while it is used is begun anew', async () => {
    const store = open();
    const many = Array.from({ length: 300 }, (_, at) =>
      snapshotOf({ stream: `shelf-${at}`, state: 'x'.repeat(2_000) }),
    );
    await Promise.all(many.map((each) => store.save(each)));
    await find(store);
    await store.close();
    const bytes = readFileSync(file());
    bytes.fill(0x5a, 4096 * 2);
    writeFileSync(file(), bytes);
    const again = open();
    await vi.waitFor(async () => {
      await again.save(snapshotOf());
      expect(await find(again)).toEqual(snapshotOf());
    });
  });

  it('that a newer start finds goes on with what another has saved', async () => {
    await filled();
    expect(await find(open())).toEqual(snapshotOf());
  });
});

it('what there is no room for is let go at once, and the rest is saved', async () => {
  const store = open({ snapshots: 5, characters: 1_000_000 });
  const all = Array.from({ length: 50 }, (_, at) => store.save(snapshotOf({ stream: `shelf-${at}` })));
  const outcomes = await Promise.allSettled(all);
  const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  expect(refused.length).toBeGreaterThan(40);
  expect(new Set(refused)).toEqual(new Set(['overloaded']));
  expect(await store.load('shelf-0', '1-abc')).toBeDefined();
  await store.save(snapshotOf());
  expect(await find(store)).toEqual(snapshotOf());
});

function setVersion(version: number): void {
  const database = new DatabaseSync(file());
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}
