import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Query, ReadModel, ReadModelStore } from '@openbank/eventsourcing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const LINES: ReadModel = {
  name: 'lines',
  version: 1,
  fields: { account: 'text', amount: 'integer' },
  indexes: [['account'], ['amount'], ['account', 'amount']],
};
/** The same documents, in one table and in runs. */
const MODELS: readonly ReadModel[] = [LINES, { ...LINES, version: 2, grows: true }];

const account = fc.constantFrom('a', 'b', null);
const amount = fc.constantFrom(-1n, 0n, 1n, 2n, null);
const fields = fc.record({ account, amount });

/** Documents in the order in which they are made; some are changed, or deleted, later. */
const history = fc.record({
  made: fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[a-dé]{1,3}$/), fields }), {
    selector: ({ id }) => id,
    maxLength: 30,
  }),
  changed: fc.array(fc.record({ at: fc.nat(), fields: fc.option(fields, { nil: undefined }) }), {
    maxLength: 8,
  }),
  runDocuments: fc.integer({ min: 1, max: 7 }),
});

const query: fc.Arbitrary<Query> = fc
  .record({
    where: fc.constantFrom(undefined, { account: 'a' }, { account: null }, { account: 'b' }),
    field: fc.constantFrom('id', 'amount'),
    direction: fc.constantFrom('ascending' as const, 'descending' as const),
    bounds: fc.constantFrom(undefined, { from: 0n }, { to: 2n }, { from: 0n, to: 1n }),
    limit: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ where, field, direction, bounds, limit }) => ({
    ...(where && { where }),
    ...(field === 'amount' && bounds && { range: bounds }),
    orderBy: { field, direction },
    limit,
  }));

async function write(
  store: ReadModelStore,
  model: ReadModel,
  { made, changed }: typeof history extends fc.Arbitrary<infer History> ? History : never,
): Promise<void> {
  await store.prepare(model);
  const epoch = await store.takeOver(model, 0);
  const batches = [
    ...made.map(({ id, fields }) => ({ id, from: undefined, revision: 0, fields })),
    ...[...new Map(changed.map(({ at, fields }) => [at % (made.length || 1), fields]))].flatMap(
      ([at, fields]) => (made[at] ? [{ id: made[at].id, from: 0, revision: 1, fields }] : []),
    ),
  ];
  let after: string | undefined;
  for (const [index, change] of batches.entries()) {
    const position = String(index).padStart(16, '0');
    await store.apply(model, { partition: 0, after, position, epoch, changes: [change] });
    after = position;
  }
}

async function pages(store: ReadModelStore, model: ReadModel, query: Query): Promise<readonly Page[]> {
  const all: Page[] = [];
  for (let cursor: string | undefined; all.length === 0 || cursor !== undefined; ) {
    const page = await store.find(model, cursor === undefined ? query : { ...query, cursor });
    all.push(page);
    cursor = page.next;
  }
  return all;
}

test('a model in runs answers every query as one in a single table does', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(query, { minLength: 1, maxLength: 10 }), async (written, queries) => {
      const directory = mkdtempSync(join(tmpdir(), 'openbank-runs-'));
      const store = openSqliteReadModelStore({ directory, runDocuments: written.runDocuments });
      try {
        for (const model of MODELS) await write(store, model, written);
        for (const asked of queries) {
          const [single, inRuns] = await Promise.all(MODELS.map((model) => pages(store, model, asked)));
          expect(inRuns).toEqual(single);
        }
        const ids = written.made.map(({ id }) => id);
        const [single, inRuns] = await Promise.all(MODELS.map((model) => store.getMany(model, ids)));
        expect(inRuns).toEqual(single);
      } finally {
        await store.close();
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
});
