import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReadModel, ReadModelStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteReadModelReader, type SqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer' },
  indexes: [['owner'], ['owner', 'weight']],
};

describe('a reader of SQLite read models', () => {
  let directory: string;
  let reader: SqliteReadModelReader;
  let store: ReadModelStore | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'openbank-reader-'));
    reader = openSqliteReadModelReader({ directory });
    store = undefined;
  });
  afterEach(async () => {
    await reader.close();
    await store?.close();
    await rm(directory, { recursive: true });
  });

  async function write(id: string, weight: bigint, after?: string, position = '1'): Promise<void> {
    store ??= openSqliteReadModelStore({ directory });
    await store.prepare(PARCELS);
    const change = { id, from: undefined, revision: 0, fields: { owner: 'ann', weight } };
    await store.apply(PARCELS, {
      partition: 0,
      after,
      position,
      epoch: await store.takeOver(PARCELS, 0),
      changes: [change],
    });
  }

  async function expectNothing(): Promise<void> {
    expect(await reader.get(PARCELS, 'a')).toBeUndefined();
    expect(await reader.find(PARCELS, { limit: 1 })).toEqual({ documents: [], next: undefined });
    expect(await reader.checkpoints(PARCELS)).toEqual([undefined]);
    expect(await reader.census(PARCELS)).toEqual({ documents: 0, checkpoint: undefined });
    expect(await reader.liveVersion('parcels')).toBeUndefined();
  }

  test('takes a file that is not there yet for empty, and sees it when it is', async () => {
    await expectNothing();
    await write('a', 5n);
    expect(await reader.get(PARCELS, 'a')).toEqual({
      id: 'a',
      revision: 0,
      fields: { owner: 'ann', weight: 5n },
    });
    expect(await reader.checkpoints(PARCELS)).toEqual(['1']);
  });

  test('takes a model that is not prepared yet for empty, and sees it when it is', async () => {
    store = openSqliteReadModelStore({ directory });
    await expectNothing();
    await write('a', 5n);
    expect(await reader.get(PARCELS, 'a')).toBeDefined();
  });

  test('sees every batch as soon as it is applied', async () => {
    await write('a', 5n);
    expect((await reader.find(PARCELS, { where: { owner: 'ann' }, limit: 9 })).documents).toHaveLength(1);
    await write('b', 2n ** 53n + 1n, '1', '2');
    const orderBy = { field: 'weight', direction: 'descending' } as const;
    const page = await reader.find(PARCELS, { where: { owner: 'ann' }, orderBy, limit: 1 });
    expect(page.documents).toMatchObject([{ id: 'b', fields: { weight: 2n ** 53n + 1n } }]);
    const { next: cursor = '' } = page;
    const rest = await reader.find(PARCELS, { where: { owner: 'ann' }, orderBy, limit: 1, cursor });
    expect(rest).toMatchObject({ documents: [{ id: 'a' }], next: undefined });
  });

  test('sees which version is live as soon as it is said', async () => {
    await write('a', 5n);
    await store?.prepare({ ...PARCELS, version: 2 });
    expect(await reader.liveVersion('parcels')).toBeUndefined();
    await store?.setLive(PARCELS);
    expect(await reader.liveVersion('parcels')).toBe(1);
    await store?.setLive({ ...PARCELS, version: 2 });
    expect(await reader.liveVersion('parcels')).toBe(2);
  });

  test('takes the file of a program that knew of no live version as it is', async () => {
    await write('a', 5n);
    await store?.close();
    store = undefined;
    const database = new DatabaseSync(join(directory, 'read-models.db'));
    database.exec('DROP TABLE live_versions');
    database.close();
    expect(await reader.liveVersion('parcels')).toBeUndefined();
    expect(await reader.get(PARCELS, 'a')).toBeDefined();
    store = openSqliteReadModelStore({ directory });
    await store.setLive(PARCELS);
    expect(await reader.liveVersion('parcels')).toBe(1);
  });

  test('takes a version that was dropped for empty, and sees it again when it is made anew', async () => {
    await write('a', 5n);
    expect(await reader.get(PARCELS, 'a')).toBeDefined();
    expect(await reader.census(PARCELS)).toEqual({ documents: 1, checkpoint: '1' });
    await store?.drop(PARCELS);
    await expectNothing();
    await write('b', 6n);
    expect(await reader.get(PARCELS, 'a')).toBeUndefined();
    expect(await reader.get(PARCELS, 'b')).toBeDefined();
  });

  test('is not held up by statements of a table that was dropped and made anew with other fields', async () => {
    await write('a', 5n);
    expect(await reader.get(PARCELS, 'a')).toBeDefined();
    await store?.drop(PARCELS);
    const changed: ReadModel = { ...PARCELS, fields: { weight: 'text' }, indexes: [['weight']] };
    await store?.prepare(changed);
    expect(await reader.get(changed, 'a')).toBeUndefined();
    expect(await reader.census(changed)).toEqual({ documents: 0, checkpoint: undefined });
  });

  test('refuses a wrong query whether or not the model is there', async () => {
    const refused = { code: 'query-refused' };
    await expect(reader.find(PARCELS, { where: { weight: 1n }, limit: 1 })).rejects.toMatchObject(refused);
    await write('a', 5n);
    await expect(reader.find(PARCELS, { where: { weight: 1n }, limit: 1 })).rejects.toMatchObject(refused);
  });

  test('goes on reading when the writer has closed the file', async () => {
    await write('a', 5n);
    await store?.close();
    expect(await reader.get(PARCELS, 'a')).toBeDefined();
    store = undefined;
    await write('b', 6n, '1', '2');
    expect(await reader.get(PARCELS, 'b')).toBeDefined();
  });
});
