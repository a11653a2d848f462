import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await store.apply(PARCELS, { after, position, epoch: await store.takeOver(PARCELS), changes: [change] });
  }

  async function expectNothing(): Promise<void> {
    expect(await reader.get(PARCELS, 'a')).toBeUndefined();
    expect(await reader.find(PARCELS, { limit: 1 })).toEqual({ documents: [], next: undefined });
    expect(await reader.checkpoint(PARCELS)).toBeUndefined();
  }

  test('takes a file that is not there yet for empty, and sees it when it is', async () => {
    await expectNothing();
    await write('a', 5n);
    expect(await reader.get(PARCELS, 'a')).toEqual({
      id: 'a',
      revision: 0,
      fields: { owner: 'ann', weight: 5n },
    });
    expect(await reader.checkpoint(PARCELS)).toBe('1');
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
