import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { planQuery, type Query, type ReadModel, type ReadModelStore } from '@openbank/eventsourcing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const COUNT = 1_000_000;
/** Each has a thousand parcels, spread over all of them. */
const OWNERS = 1_000;

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', kind: 'text', weight: 'integer' },
  indexes: [['owner'], ['kind', 'weight']],
};

let directory: string;
let store: ReadModelStore;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-million-'));
  const empty = openSqliteReadModelStore({ directory });
  await empty.prepare(PARCELS);
  await empty.close();
  fill(join(directory, 'read-models.db'));
  store = openSqliteReadModelStore({ directory });
}, 120_000);
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

describe('a list of a million', () => {
  test.each<[string, Query['where'], field: string]>([
    ['all', undefined, 'id'],
    ['those of an owner', { owner: 'owner-7' }, 'id'],
    ['the heaviest of a tenth', { kind: 'rare' }, 'weight'],
    ['the heaviest of nine tenths', { kind: 'common' }, 'weight'],
    ['what there is not', { kind: 'none' }, 'weight'],
  ])('gives a page of %s as fast at its end as at its start', async (_, where, field) => {
    const query: Query = { ...(where && { where }), limit: 50, orderBy: { field, direction: 'descending' } };
    expect(await usualTime(query)).toBeLessThan(10);
    const backwards: Query = { ...query, limit: 60, orderBy: { field, direction: 'ascending' } };
    const nearTheEnd = (await store.find(PARCELS, backwards)).documents.at(-1);
    if (nearTheEnd === undefined) return;
    expect(await usualTime({ ...query, cursor: planQuery(PARCELS, query).cursor(nearTheEnd) })).toBeLessThan(
      10,
    );
  });

  test('never gives more than the limit, and with its cursors each once while others come before and behind', async () => {
    const epoch = await store.takeOver(PARCELS, 0);
    const seen: string[] = [];
    let position: string | undefined;
    let cursor: string | undefined;
    for (let round = 0; round === 0 || cursor !== undefined; round++) {
      const page = await store.find(PARCELS, {
        where: { owner: 'owner-7' },
        limit: 30,
        ...(cursor && { cursor }),
      });
      expect(page.documents.length).toBeLessThanOrEqual(30);
      seen.push(...page.documents.map(({ id }) => id));
      cursor = page.next;
      const changes = [`+${round}`, `~${round}`].map((id) => ({
        id,
        from: undefined,
        revision: 0,
        fields: { owner: 'owner-7', kind: 'late', weight: BigInt(round) },
      }));
      const after = position;
      position = String(round).padStart(16, '0');
      if (round < 40) await store.apply(PARCELS, { partition: 0, after, position, epoch, changes });
    }
    const before = seen.filter((id) => !/^[+~]/.test(id));
    expect(before).toEqual(Array.from({ length: COUNT / OWNERS }, (_, at) => idOf(7 + at * OWNERS)));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

/** Milliseconds that a page takes, as half of them do: a walk through all rows takes a hundred times as long. */
async function usualTime(query: Query): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const begin = performance.now();
    const { documents } = await store.find(PARCELS, query);
    times.push(performance.now() - begin);
    expect(documents.length).toBeLessThanOrEqual(query.limit);
  }
  return times.sort((a, b) => a - b)[7] ?? 0;
}

function idOf(number: number): string {
  return `parcel-${String(number).padStart(7, '0')}`;
}

/** What the projections would write, at once and unsafely. */
function fill(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -300000;
    INSERT INTO parcels_v1 (id, revision, deleted, owner, kind, weight)
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${COUNT - 1})
    SELECT printf('parcel-%07d', n), 0, 0, 'owner-' || (n % ${OWNERS}),
      iif(n % 10 = 3, 'rare', 'common'), n * 7919 % 1000003
    FROM numbers`);
  database.close();
}
