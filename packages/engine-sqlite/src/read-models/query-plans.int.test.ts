import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { planQuery, type Query, type QueryPlan, type ReadModel } from '@openbank/eventsourcing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';
import { walks, walksAlongRuns } from './walks.ts';

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', details: 'json' },
  indexes: [['owner'], ['weight'], ['owner', 'weight']],
};

const RUNS = 3;
const walked = {
  'in one table': (plan: QueryPlan) => walks(PARCELS, plan),
  'in runs': (plan: QueryPlan) => walksAlongRuns(PARCELS, plan, RUNS),
};

describe.each(['in one table', 'in runs'] as const)('SQLite, of a model %s,', (kept) => {
  const inRuns = kept === 'in runs';
  let directory: string;
  let database: DatabaseSync;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'openbank-query-plans-'));
    const store = openSqliteReadModelStore({ directory });
    await store.prepare({ ...PARCELS, grows: inRuns });
    await store.close();
    database = new DatabaseSync(join(directory, 'read-models.db'));
  });
  afterAll(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  /** How the rows of a page are found. In runs it has their places then, and looks them up and sorts them: no more. */
  function findingOf(sql: string): readonly string[] {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const details = steps.map(({ detail }) => String(detail));
    return inRuns ? details.slice(0, details.indexOf('SCAN k')) : details;
  }

  test('answers every query that a model may ask along one index, without sorting', () => {
    const plans = everyQuery()
      .flatMap(walked[kept])
      .flatMap(({ sql }) => findingOf(sql));

    const scans = plans.filter((plan) => plan.startsWith('SCAN') && !plan.includes('USING INDEX'));
    expect(scans).toEqual([]);
    expect(plans.filter((plan) => plan.includes('TEMP B-TREE'))).toEqual([]);
    const searches = plans.filter((plan) => plan.includes('INDEX'));
    if (inRuns) expect(searches.filter((plan) => !plan.includes('(_run=?'))).toEqual([]);
    expect(searches.length).toBeGreaterThan(10);
  });

  test('finds both ends of a range in the index, before the cursor or after it', () => {
    const ranged = everyQuery().filter(({ range }) => range?.from !== undefined && range.to !== undefined);
    for (const plan of ranged) {
      for (const { sql } of walked[kept](plan)) {
        const searches = findingOf(sql).filter((step) => step.includes('INDEX'));
        expect(searches).toHaveLength(inRuns ? RUNS : 1);
        // A cursor of several columns is shown as one in brackets.
        const bounded = /(id|weight|\(weight,id\))>\S* AND (id|weight|\(weight,id\))</;
        for (const search of searches) expect(search).toMatch(bounded);
      }
    }
    expect(ranged.length).toBeGreaterThan(10);
  });
});

test('a list along hundreds of runs is one statement for pages of any size, and what it asks for is bound once', () => {
  for (const plan of everyQuery()) {
    const large = walksAlongRuns(PARCELS, { ...plan, limit: 1_000 }, 900);
    expect(walksAlongRuns(PARCELS, plan, 900)).toEqual(large);
    expect(large.map(({ values }) => values)).toEqual(walks(PARCELS, plan).map(({ values }) => values));
  }
});

/** Every way to filter and sort that the indexes of the model allow, on a first page and after a cursor. */
function everyQuery(): readonly QueryPlan[] {
  const places: readonly Partial<Query>[] = [
    {},
    { orderBy: { field: 'weight', direction: 'ascending' } },
    { where: { owner: 'x' } },
    { where: { owner: null } },
    { where: { owner: 'x' }, orderBy: { field: 'weight', direction: 'ascending' } },
    { where: { owner: 'x', weight: 1n } },
  ];
  return places.flatMap((place) =>
    (['ascending', 'descending'] as const).flatMap((direction) => {
      const orderBy = { field: place.orderBy?.field ?? 'id', direction };
      const [from, to] = orderBy.field === 'id' ? ['a', 'z'] : [1n, 9n];
      return [undefined, { from }, { to }, { from, to }].flatMap((range) => {
        const plan = planQuery(PARCELS, { ...place, orderBy, ...(range && { range }), limit: 10 });
        return [undefined, ...(range ? [] : [null]), 5n].map((value) => ({
          ...plan,
          after: value === undefined ? undefined : { value, id: 'b' },
        }));
      });
    }),
  );
}
