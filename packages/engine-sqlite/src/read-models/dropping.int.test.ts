import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DocumentChange, ReadModel } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { highestReadModelCheckpoint } from './database.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', details: 'json' },
  indexes: [['owner'], ['weight'], ['owner', 'weight']],
};

describe('dropping a version', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'openbank-dropping-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A file in which the model has so many documents. */
  async function write(model: ReadModel, count: number): Promise<void> {
    const store = openSqliteReadModelStore({ directory });
    await store.prepare(model);
    const epoch = await store.takeOver(model, 0);
    const [after] = await store.checkpoints(model);
    await store.apply(model, { partition: 0, after, position: '1', epoch, changes: manyChanges(count) });
    await store.close();
  }

  const second = { ...PARCELS, version: 2 };
  const pages = (): number => {
    const database = new DatabaseSync(join(directory, 'read-models.db'), { readOnly: true });
    const counted = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.close();
    return counted;
  };

  test('lets other models be written meanwhile, however large it is', async () => {
    await write(PARCELS, 20_000);
    const store = openSqliteReadModelStore({ directory });
    await store.prepare(second);
    const epoch = await store.takeOver(second, 0);
    let dropped = false;
    const dropping = store.drop(PARCELS).then(() => {
      dropped = true;
    });
    await store.apply(second, {
      partition: 0,
      after: undefined,
      position: '1',
      epoch,
      changes: manyChanges(10),
    });
    await expect(store.get(PARCELS, 'parcel-1')).rejects.toMatchObject({ code: 'read-model-refused' });
    expect(dropped).toBe(false);
    await dropping;
    expect(await store.versions('parcels')).toEqual([2]);
    await store.close();
  });

  test('goes on with the next call where the file was closed, or the process killed, before its end', async () => {
    await write(PARCELS, 5_000);
    const store = openSqliteReadModelStore({ directory });
    const dropping = store.drop(PARCELS);
    await store.close();
    await dropping;

    const again = openSqliteReadModelStore({ directory });
    expect(await again.versions('parcels')).toEqual([1]);
    await expect(again.get(PARCELS, 'parcel-1')).rejects.toMatchObject({ code: 'read-model-refused' });
    expect(highestReadModelCheckpoint(directory)).toBeUndefined();
    await again.drop(PARCELS);
    expect(await again.versions('parcels')).toEqual([]);
    await again.close();
  });

  test('does not stand in the way of the same version being made anew', async () => {
    await write(PARCELS, 5_000);
    const store = openSqliteReadModelStore({ directory });
    const dropping = store.drop(PARCELS);
    await store.prepare(PARCELS);
    const epoch = await store.takeOver(PARCELS, 0);
    await store.apply(PARCELS, {
      partition: 0,
      after: undefined,
      position: '1',
      epoch,
      changes: manyChanges(3),
    });
    await dropping;
    expect(await store.census(PARCELS)).toEqual({ documents: 3, checkpoint: '1' });
    const byWeight = { orderBy: { field: 'weight', direction: 'descending' }, limit: 9 } as const;
    expect((await store.find(PARCELS, byWeight)).documents).toHaveLength(3);
    await store.close();
  });

  test('leaves room that is used again: the file does not grow with each new version', async () => {
    await write(PARCELS, 5_000);
    const before = pages();
    for (let version = 2; version <= 4; version++) {
      const store = openSqliteReadModelStore({ directory });
      await store.drop({ ...PARCELS, version: version - 1 });
      await store.close();
      await write({ ...PARCELS, version }, 5_000);
    }
    expect(pages()).toBeLessThan(before * 1.1);
  });
});

function manyChanges(count: number): readonly DocumentChange[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `parcel-${index}`,
    from: undefined,
    revision: 0,
    fields: { owner: `owner-${index % 100} ${'x'.repeat(100)}`, weight: BigInt(index), details: null },
  }));
}
