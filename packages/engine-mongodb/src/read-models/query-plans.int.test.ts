import type { Query, ReadModelStore } from '@openbank/eventsourcing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { created, owning, PARCELS } from '../testing/parcels.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

const DOCUMENTS = 2_000;
const PAGE = 10;

let database: TestDatabase;
let store: ReadModelStore;

beforeAll(async () => {
  database = await startTestDatabase();
  store = await openMongoReadModelStore(database.connection);
  const owner = await owning(store, PARCELS);
  const documents = Array.from({ length: DOCUMENTS }, (_, index) =>
    created(`parcel-${String(index).padStart(5, '0')}`, {
      owner: index % 2 === 0 ? 'even' : 'odd',
      weight: index % 7 === 0 ? null : BigInt(Math.floor(index / 10)),
    }),
  );
  await store.apply(PARCELS, owner.next(...documents));
});
afterAll(() => database.stop());

const byWeight = { where: { owner: 'odd' }, orderBy: { field: 'weight', direction: 'ascending' } } as const;
const queries: readonly (readonly [string, Omit<Query, 'limit'>])[] = [
  ['by id', {}],
  ['by id downwards', { orderBy: { field: 'id', direction: 'descending' } }],
  ['by a filter', { where: { owner: 'odd' } }],
  ['by a filter and a sort', byWeight],
  [
    'by a filter and a sort downwards',
    { ...byWeight, orderBy: { field: 'weight', direction: 'descending' } },
  ],
  ['by a range', { ...byWeight, range: { from: 20n, to: 180n } }],
];

test.runIf(process.env.OPENBANK_TEST_MONGODB === undefined).each(queries)(
  'a page %s costs what it shows, wherever it is in the list',
  async (_, query) => {
    const scanned = () => database.mongo.double?.documentsScanned() ?? 0;
    let cursor: string | undefined;
    for (let pages = 0; pages < DOCUMENTS / PAGE; pages++) {
      const before = scanned();
      const page = await store.find(PARCELS, { ...query, limit: PAGE, ...(cursor && { cursor }) });
      // Ties at the cursor, and the one that tells whether there is more.
      expect(scanned() - before).toBeLessThanOrEqual(3 * PAGE);
      cursor = page.next;
      if (cursor === undefined) return;
    }
  },
);

test.runIf(process.env.OPENBANK_TEST_MONGODB === undefined)(
  'a document by its id costs one look',
  async () => {
    const before = database.mongo.double?.documentsScanned() ?? 0;
    await store.get(PARCELS, 'parcel-01000');
    expect((database.mongo.double?.documentsScanned() ?? 0) - before).toBe(1);
  },
);
