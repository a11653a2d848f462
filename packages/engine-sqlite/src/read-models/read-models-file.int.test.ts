import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { DocumentChange, ReadModel } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { canRun } from '../testing/program.ts';
import { highestReadModelCheckpoint } from './database.ts';
import { openSqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', details: 'json' },
  indexes: [['owner'], ['weight'], ['owner', 'weight']],
};

describe('the file of SQLite read models', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'openbank-read-models-file-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function write(
    position: string,
    model = PARCELS,
    ...changes: readonly DocumentChange[]
  ): Promise<void> {
    const store = openSqliteReadModelStore({ directory });
    await store.prepare(model);
    const epoch = await store.takeOver(model, 0);
    await store.apply(model, {
      partition: 0,
      after: (await store.checkpoints(model))[0],
      position,
      epoch,
      changes,
    });
    await store.close();
  }

  const file = (): string => join(directory, 'read-models.db');

  test('shows anyone who opens it a table with a column for each field', async () => {
    const fields = { owner: "O'Brien", weight: 10n ** 18n, details: { list: [1] } };
    await write('1', PARCELS, { id: 'a', from: undefined, revision: 3, fields });
    const database = new DatabaseSync(file(), { readOnly: true });
    const statement = database.prepare('SELECT * FROM parcels_v1');
    statement.setReadBigInts(true);
    expect({ ...statement.get() }).toEqual({
      ...fields,
      id: 'a',
      revision: 3n,
      deleted: 0n,
      details: '{"list":[1]}',
    });
    database.close();
  });

  test('shows a page of one moment: what changes while it is read is in it once', async () => {
    const heavy = { owner: null, weight: 5n, details: null };
    const light = { ...heavy, weight: null };
    await write(
      '1',
      PARCELS,
      ...['a', 'b', 'c'].map((id) => ({ id, from: undefined, revision: 0, fields: heavy })),
    );
    const reader = openSqliteReadModelReader({ directory });
    const heaviest = { orderBy: { field: 'weight', direction: 'descending' } } as const;
    const { next: cursor = '' } = await reader.find(PARCELS, { ...heaviest, limit: 1 });
    await write('2', PARCELS, { id: 'a', from: 0, revision: 1, fields: light });

    // Somebody writes after the first look into the index, and before the second one.
    const all = StatementSync.prototype.all;
    const looking = vi.spyOn(StatementSync.prototype, 'all').mockImplementationOnce(function (
      this: StatementSync,
      ...values
    ) {
      const rows = all.apply(this, values);
      const writer = new DatabaseSync(file());
      writer.exec("UPDATE parcels_v1 SET weight = 1 WHERE id = 'a'");
      writer.close();
      return rows;
    });
    const page = await reader.find(PARCELS, { ...heaviest, cursor, limit: 9 });
    expect(looking).toHaveBeenCalledTimes(2);
    looking.mockRestore();
    expect(page.documents.map(({ id }) => id)).toEqual(['b', 'a']);
    await reader.close();
  });

  describe('asked for its highest checkpoint', () => {
    test('has none where there is no file, and makes none', async () => {
      expect(highestReadModelCheckpoint(directory)).toBeUndefined();
      expect(await readdir(directory)).toEqual([]);
    });

    test('has none before the first batch', async () => {
      const store = openSqliteReadModelStore({ directory });
      await store.prepare(PARCELS);
      await store.close();
      expect(highestReadModelCheckpoint(directory)).toBeUndefined();
    });

    test('answers the highest of all models and versions', async () => {
      await write('0000000000000007');
      await write('0000000000000012', { ...PARCELS, version: 2 });
      await write('0000000000000009', { ...PARCELS, name: 'others' });
      expect(highestReadModelCheckpoint(directory)).toBe('0000000000000012');
    });

    test('answers that of a version which is not live, and of none that was dropped', async () => {
      await write('0000000000000007');
      await write('0000000000000012', { ...PARCELS, version: 2 });
      await write('0000000000000015', { ...PARCELS, version: 3 });
      const store = openSqliteReadModelStore({ directory });
      await store.setLive(PARCELS);
      await store.drop({ ...PARCELS, version: 3 });
      await store.close();
      expect(highestReadModelCheckpoint(directory)).toBe('0000000000000012');
    });

    test('knows what a killed process had applied', async () => {
      await expect(killedAfterApplying(directory)).rejects.toMatchObject({ signal: 'SIGKILL' });
      expect(highestReadModelCheckpoint(directory)).toBe('0000000000000042');
    });

    test('names a damaged file', async () => {
      await writeFile(file(), 'this is no database at all, whatever it says'.repeat(100));
      expect(() => highestReadModelCheckpoint(directory)).toThrow(
        expect.objectContaining({
          code: 'store-damaged',
          message: expect.stringContaining('read-models.db'),
        }),
      );
    });
  });

  test('leaves nothing in a write-ahead log once it is closed, also where somebody reads it', async () => {
    const store = openSqliteReadModelStore({ directory });
    await store.prepare(PARCELS);
    const reader = openSqliteReadModelReader({ directory });
    await reader.checkpoints(PARCELS);
    const epoch = await store.takeOver(PARCELS, 0);
    await store.apply(PARCELS, {
      partition: 0,
      after: undefined,
      position: '1',
      epoch,
      changes: manyChanges(100),
    });
    await store.close();
    expect(statSync(`${file()}-wal`).size).toBe(0);
    expect(await reader.checkpoints(PARCELS)).toEqual(['1']);
    await reader.close();
  });

  test('moves what is in its write-ahead log to the file whenever it is enough', async () => {
    const store = openSqliteReadModelStore({ directory, checkpointPages: 50 });
    await store.prepare(PARCELS);
    const epoch = await store.takeOver(PARCELS, 0);
    for (let batch = 0; batch < 40; batch++) {
      const after = batch === 0 ? undefined : String(99 + batch);
      const changes = manyChanges(100, batch * 100);
      await store.apply(PARCELS, { partition: 0, after, position: String(100 + batch), epoch, changes });
    }
    expect(statSync(`${file()}-wal`).size).toBeLessThan(2_000_000);
    expect((await store.find(PARCELS, { limit: 10_000 })).documents).toHaveLength(4_000);
    await store.close();
  });

  test.runIf(canRun('strace', '-V'))(
    'is never written again after a sync has failed, and says what to do',
    { timeout: 60_000 },
    async () => {
      await write('1');
      const { stdout } = await applyingWithoutSyncs(directory, file());
      expect(stdout.split('\n')).toEqual([
        expect.stringMatching(/^apply: store-damaged .* delete read-models\.db\*/),
        expect.stringMatching(/^apply: store-damaged .* delete read-models\.db\*/),
        expect.stringMatching(/^close: store-damaged /),
        '',
      ]);
    },
  );

  test('is refused at the start, and named, where it is damaged', async () => {
    await write('1', PARCELS, ...manyChanges(2_000));
    const handle = await open(file(), 'r+');
    await handle.write(Buffer.alloc(100, 0xff), 0, 100, 0);
    await handle.close();
    expect(() => openSqliteReadModelStore({ directory })).toThrow(
      expect.objectContaining({ code: 'store-damaged' }),
    );
  });

  test('is unavailable for now where somebody else holds it for long', { timeout: 20_000 }, async () => {
    await write('1');
    const holder = new DatabaseSync(file());
    holder.exec('BEGIN IMMEDIATE');
    const store = openSqliteReadModelStore({ directory });
    await expect(store.takeOver(PARCELS, 0)).rejects.toMatchObject({ code: 'store-unavailable' });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await store.takeOver(PARCELS, 0)).toBe(2);
    await store.close();
  });

  test.runIf(process.getuid?.() === 0)(
    'takes nothing of a batch for which there is no room, and all of it when there is',
    async () => {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory]);
      try {
        const store = openSqliteReadModelStore({ directory });
        await store.prepare(PARCELS);
        const epoch = await store.takeOver(PARCELS, 0);
        const batch = { partition: 0, after: undefined, position: '1', epoch, changes: manyChanges(20_000) };
        await expect(store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'storage-full' });
        expect(await store.checkpoints(PARCELS)).toEqual([undefined]);
        expect((await store.find(PARCELS, { limit: 1 })).documents).toEqual([]);
        await run('mount', ['-o', 'remount,size=64m', directory]);
        await store.apply(PARCELS, batch);
        expect((await store.find(PARCELS, { limit: 30_000 })).documents).toHaveLength(20_000);
        await store.close();
      } finally {
        await run('umount', [directory]);
      }
    },
  );
});

const run = promisify(execFile);

function manyChanges(count: number, first = 0): readonly DocumentChange[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `parcel-${first + index}`,
    from: undefined,
    revision: 0,
    fields: { owner: `owner-${index % 100} ${'x'.repeat(100)}`, weight: BigInt(index), details: null },
  }));
}

/** A process that applies a batch and is killed before it could close the file. */
function killedAfterApplying(directory: string): Promise<unknown> {
  const script = `
    import { openSqliteReadModelStore } from ${JSON.stringify(import.meta.resolve('./sqlite-read-model-store.ts'))};
    const store = openSqliteReadModelStore({ directory: ${JSON.stringify(directory)} });
    const model = ${JSON.stringify(PARCELS)};
    await store.prepare(model);
    const epoch = await store.takeOver(model, 0);
    await store.apply(model, { partition: 0, after: undefined, position: '0000000000000042', epoch, changes: [] });
    process.kill(process.pid, 'SIGKILL');
  `;
  return run(process.execPath, ['--input-type=module', '--eval', script]);
}

/** A process whose every sync of the file fails: it tries to apply a batch twice, then to close. */
function applyingWithoutSyncs(directory: string, file: string): Promise<{ readonly stdout: string }> {
  const script = `
    import { openSqliteReadModelStore } from ${JSON.stringify(import.meta.resolve('./sqlite-read-model-store.ts'))};
    const store = openSqliteReadModelStore({ directory: ${JSON.stringify(directory)}, checkpointPages: 1 });
    const model = ${JSON.stringify(PARCELS)};
    const attempt = (what, promise) => promise.catch(({ code, message }) => console.log(what + ': ' + code + ' ' + message));
    await store.prepare(model);
    const epoch = await store.takeOver(model, 0);
    await attempt('apply', store.apply(model, { partition: 0, after: '1', position: '2', epoch, changes: [] }));
    await attempt('apply', store.apply(model, { partition: 0, after: '2', position: '3', epoch, changes: [] }));
    await attempt('close', store.close());
  `;
  const failing = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO'];
  const node = [process.execPath, '--input-type=module', '--eval', script];
  return run('strace', ['-f', '-qq', '-o', '/dev/null', '-P', file, ...failing, ...node]);
}
