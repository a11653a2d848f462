import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DocumentChange, ReadModel, ReadModelStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const LINES: ReadModel = {
  name: 'lines',
  version: 1,
  fields: { account: 'text', amount: 'integer' },
  indexes: [['account'], ['account', 'amount']],
  grows: true,
};
const PLAIN: ReadModel = { ...LINES, grows: false };

describe('a model that grows', () => {
  let directory: string;
  let store: ReadModelStore;
  let epoch: number;
  let after: string | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'openbank-runs-'));
    after = undefined;
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  async function open(model = LINES, runDocuments = 3): Promise<void> {
    store = openSqliteReadModelStore({ directory, runDocuments });
    await store.prepare(model);
    epoch = await store.takeOver(model, 0);
    [after] = await store.checkpoints(model);
  }

  async function apply(...changes: readonly DocumentChange[]): Promise<void> {
    const position = String(Number(after ?? 0) + 1).padStart(16, '0');
    await store.apply(LINES, { partition: 0, after, position, epoch, changes });
    after = position;
  }

  const add = (...numbers: readonly number[]) => apply(...numbers.map((number) => line(number)));
  const listed = async (limit = 10_000) => (await store.find(LINES, { limit })).documents.map(({ id }) => id);

  /** What is asked of the file itself. */
  function ask(sql: string): unknown[] {
    const database = new DatabaseSync(join(directory, 'read-models.db'));
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map((row) => Object.values(row));
  }

  const runs = () => ask('SELECT _run, count(*) FROM lines_v1 GROUP BY _run');

  test('is kept in runs of so many documents, and a document stays where it was made', async () => {
    await open();
    await add(1, 2, 3, 4, 5);
    await add(6, 7);
    expect(runs()).toEqual([
      [0, 3],
      [1, 3],
      [2, 1],
    ]);
    await apply(
      { ...line(2, 99n), from: 0, revision: 1 },
      { ...line(3), from: 0, revision: 4, fields: undefined },
    );
    expect(runs()).toHaveLength(3);
    expect(await store.get(LINES, idOf(2))).toMatchObject({ revision: 1, fields: { amount: 99n } });
    expect(await store.census(LINES)).toEqual({ documents: 6, checkpoint: after });
  });

  test('goes on in its newest run when it is opened again, also with runs of another size', async () => {
    await open();
    await add(1, 2, 3, 4);
    await store.close();
    await open();
    await add(5);
    await store.close();
    await open(LINES, 5);
    await add(6, 7, 8, 9);
    await store.close();
    await open(LINES, 2);
    await add(10, 11, 12);
    expect(runs()).toEqual([
      [0, 3],
      [1, 5],
      [2, 2],
      [3, 2],
    ]);
    await add(5, 1);
    expect(await listed()).toEqual(Array.from({ length: 12 }, (_, at) => idOf(at + 1)));
  });

  test('knows a document of an old run when it is told to make it again', async () => {
    await open();
    await add(1, 2, 3, 4, 5, 6, 7);
    await add(2, 8);
    await expect(apply({ ...line(2), revision: 1 })).rejects.toMatchObject({ code: 'displaced' });
    await add(9);
    expect(await store.census(LINES)).toEqual({ documents: 9, checkpoint: after });
  });

  test('knows its documents also where what it remembers of its runs is lost or of another size', async () => {
    await open();
    await add(1, 2, 3, 4, 5, 6, 7);
    await store.close();
    ask('DELETE FROM id_filters WHERE run = 0 RETURNING run');
    ask("UPDATE id_filters SET bits = x'00' RETURNING run");
    await open();
    await add(2, 5, 8);
    expect(await store.census(LINES)).toEqual({ documents: 8, checkpoint: after });
    await store.close();
    ask('DROP TABLE id_filters');
    await open();
    await add(1, 4, 7, 9);
    expect(await store.census(LINES)).toEqual({ documents: 9, checkpoint: after });
  });

  test('forgets what it did not write: a batch that is refused leaves its runs as they were', async () => {
    await open();
    await add(1, 2);
    const heavy = { ...line(5), fields: { account: 'x', amount: 'heavy' } };
    await expect(apply(line(3), line(4), heavy)).rejects.toMatchObject({ code: 'document-refused' });
    await add(3, 4);
    expect(runs()).toEqual([
      [0, 3],
      [1, 1],
    ]);
    expect(await listed()).toEqual([1, 2, 3, 4].map(idOf));
  });

  test('is written on by whoever takes it over, from what the other one has left', async () => {
    await open();
    await add(1, 2);
    const other = openSqliteReadModelStore({ directory, runDocuments: 3 });
    const theirs = await other.takeOver(LINES, 0);
    const position = '0000000000000009';
    const changes = [3, 4, 5, 6, 7].map((number) => line(number));
    await other.apply(LINES, { partition: 0, after, position, epoch: theirs, changes });
    await other.close();
    await expect(add(8)).rejects.toMatchObject({ code: 'displaced' });
    epoch = await store.takeOver(LINES, 0);
    after = position;
    await add(3, 7, 8);
    expect(runs()).toEqual([
      [0, 3],
      [1, 3],
      [2, 2],
    ]);
  });

  test('shows a reader each new run as soon as it is there', async () => {
    await open();
    const reader = openSqliteReadModelReader({ directory });
    const inAccount = { where: { account: 'account-1' }, limit: 100 };
    for (let number = 1; number <= 20; number++) {
      await add(number);
      const found = await reader.find(LINES, { limit: 100 });
      expect(found.documents).toHaveLength(number);
      expect((await reader.find(LINES, inAccount)).documents).toHaveLength(Math.ceil(number / 3));
      expect(await reader.get(LINES, idOf(number))).toBeDefined();
    }
    const ids = [20, 1, 77, 11].map(idOf);
    expect([...(await reader.getMany(LINES, ids)).keys()].sort()).toEqual([1, 11, 20].map(idOf));
    await reader.close();
  });

  test('is listed in order over more runs than one statement can name', { timeout: 60_000 }, async () => {
    await open(LINES, 1);
    const numbers = Array.from({ length: 850 }, (_, at) => (at * 389) % 850);
    await add(...numbers);
    expect(runs()).toHaveLength(850);
    expect(await listed(840)).toEqual(Array.from({ length: 840 }, (_, at) => idOf(at)));
    const orderBy = { field: 'amount', direction: 'descending' } as const;
    const page = await store.find(LINES, { where: { account: 'account-2' }, orderBy, limit: 3 });
    expect(page.documents.map(({ id }) => id)).toEqual([848, 845, 842].map(idOf));
  });

  test('is dropped with all its runs, and may be made anew', async () => {
    await open();
    await add(1, 2, 3, 4, 5, 6, 7);
    await store.drop(LINES);
    expect(ask('SELECT run FROM id_filters')).toEqual([]);
    expect(await store.versions('lines')).toEqual([]);
    await store.prepare(LINES);
    epoch = await store.takeOver(LINES, 0);
    after = undefined;
    await add(1);
    expect(await listed()).toEqual([idOf(1)]);
  });

  test('says of a document that it is in two runs: which of them is shown, nobody knows', async () => {
    await open();
    await add(1, 2, 3, 4);
    expect(await store.faults(LINES)).toEqual([]);
    const again =
      'INSERT INTO lines_v1 SELECT 1, id, revision, deleted, account, amount FROM lines_v1 WHERE id = ?';
    const database = new DatabaseSync(join(directory, 'read-models.db'));
    database.prepare(again).run(idOf(2));
    database.close();
    expect(await store.faults(LINES)).toEqual(['1 of its documents are in several runs.']);
  });

  test('that has lost its table is not live, and begins again with its first run', async () => {
    await open();
    await add(1, 2, 3, 4, 5);
    await store.setLive(LINES);
    await store.close();
    ask('DROP TABLE lines_v1');
    await open();
    expect(await store.liveVersion('lines')).toBeUndefined();
    expect(after).toBeUndefined();
    await add(1, 2, 3, 4);
    expect(await listed()).toEqual([1, 2, 3, 4].map(idOf));
    expect(await store.faults(LINES)).toEqual([]);
  });

  test('that was made in one table, as 0.2.0 made it, goes on in it', async () => {
    await open(PLAIN);
    await add(1, 2, 3, 4, 5);
    await store.close();
    ask('DROP TABLE id_filters');
    await open(LINES);
    await add(4, 6);
    await apply({ ...line(1, 70n), from: 0, revision: 1 });
    expect(await listed()).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
    const page = await store.find(LINES, { where: { account: 'account-1', amount: 70n }, limit: 5 });
    expect(page.documents.map(({ id }) => id)).toEqual([idOf(1)]);
    expect(await store.faults(LINES)).toEqual([]);
  });
});

function idOf(number: number): string {
  return `line-${String(number).padStart(5, '0')}`;
}

function line(number: number, amount = BigInt(number)): DocumentChange {
  return {
    id: idOf(number),
    from: undefined,
    revision: 0,
    fields: { account: `account-${number % 3}`, amount },
  };
}
