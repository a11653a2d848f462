import type { Batch, ReadModel, ReadModelStore } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaultRule } from '../testing/index.ts';
import {
  changed,
  created,
  type Owner,
  owning,
  PARCELS,
  position,
  TOTALS,
  total,
} from '../testing/parcels.ts';
import { startTestDatabase, type TestDatabase } from '../testing/test-connection.ts';
import { openMongoReadModelReader } from './mongo-read-model-reader.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

// A real server cannot be told to fail at a chosen moment.
const onDouble = process.env.OPENBANK_TEST_MONGODB === undefined;

let database: TestDatabase;
let store: ReadModelStore;

beforeEach(async () => {
  database = await startTestDatabase({ patience: 1_000 });
  store = await openMongoReadModelStore(database.connection);
});
afterEach(() => database.stop());

/** From the next command on, as often as the driver tries. */
function failing(rule: FaultRule): void {
  database.mongo.double?.inject({ times: 2, ...rule });
}

/** Applies a batch that the fault stops somewhere. */
async function stoppedBy(rule: FaultRule, model: ReadModel, batch: Batch): Promise<void> {
  failing(rule);
  await expect(store.apply(model, batch)).rejects.toMatchObject({ code: 'store-unavailable' });
  database.mongo.double?.clearFaults();
}

const weightOf = async (model: ReadModel, id: string) => (await store.get(model, id))?.fields.weight;

describe.runIf(onDouble)('a batch that stops before its checkpoint', () => {
  let owner: Owner;
  let batch: Batch;
  beforeEach(async () => {
    owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a', { weight: 1n })));
    batch = owner.next(changed('a', [0, 1], { weight: 2n }), created('b', { weight: 9n }));
  });

  test('leaves documents ahead of it, and is taken whole when its owner tries again', async () => {
    await stoppedBy({ fault: { kind: 'cut-before' }, commands: ['update'], after: 1 }, PARCELS, batch);
    expect(await weightOf(PARCELS, 'a')).toBe(2n);
    expect((await store.checkpoints(PARCELS))[0]).toBe(position(1));
    await store.apply(PARCELS, batch);
    expect(await weightOf(PARCELS, 'a')).toBe(2n);
    expect((await store.checkpoints(PARCELS))[0]).toBe(position(2));
  });

  test('of which some documents were written is taken whole when its owner tries again', async () => {
    await stoppedBy({ fault: { kind: 'cut-before' }, commands: ['update'] }, PARCELS, batch);
    expect([await weightOf(PARCELS, 'a'), await weightOf(PARCELS, 'b')]).toEqual([1n, 9n]);
    await store.apply(PARCELS, batch);
    expect([await weightOf(PARCELS, 'a'), await weightOf(PARCELS, 'b')]).toEqual([2n, 9n]);
  });

  test('of many documents is taken whole when its owner tries again', async () => {
    const ids = Array.from({ length: 2_500 }, (_, index) => `many-${index}`);
    const many = { ...batch, changes: ids.map((id) => created(id, { weight: 3n })) };
    await stoppedBy({ fault: { kind: 'cut-before' }, commands: ['insert'], after: 2 }, PARCELS, many);
    expect((await store.census(PARCELS)).documents).toBe(2_001);
    await store.apply(PARCELS, many);
    expect(await store.census(PARCELS)).toMatchObject({ documents: 2_501 });
  });

  test('is found to be seen by the next owner, in whatever parts that one folds the events', async () => {
    await stoppedBy({ fault: { kind: 'cut-before' }, commands: ['update'], after: 1 }, PARCELS, batch);
    const next = await owning(store, PARCELS);
    await store.apply(PARCELS, next.next(changed('a', [0, 1], { weight: 2n })));
    expect([...(await store.load(PARCELS, ['a', 'b'])).values()]).toMatchObject([
      { revision: 1, fields: { weight: 2n } },
      { revision: 0, fields: { weight: 9n } },
    ]);
    await store.apply(PARCELS, next.next(created('b', { weight: 9n }), changed('a', [1, 2], { weight: 4n })));
    expect([await weightOf(PARCELS, 'a'), await weightOf(PARCELS, 'b')]).toEqual([4n, 9n]);
  });

  test('tells a fold that started from the older document to load it again', async () => {
    await stoppedBy({ fault: { kind: 'cut-before' }, commands: ['update'], after: 1 }, PARCELS, batch);
    const next = await owning(store, PARCELS);
    const late = next.next(changed('a', [0, 2], { weight: 4n }));
    await expect(store.apply(PARCELS, late)).rejects.toMatchObject({ code: 'displaced' });
    expect((await store.checkpoints(PARCELS))[0]).toBe(position(1));
  });

  test('and whose answers alone were lost is refused, its checkpoint saying that it was applied', async () => {
    await stoppedBy({ fault: { kind: 'cut-after' }, commands: ['update'], after: 1 }, PARCELS, batch);
    await expect(store.apply(PARCELS, batch)).rejects.toMatchObject({ code: 'displaced' });
    expect((await store.checkpoints(PARCELS))[0]).toBe(batch.position);
    expect([await weightOf(PARCELS, 'a'), await weightOf(PARCELS, 'b')]).toEqual([2n, 9n]);
  });

  test('is taken where one answer is lost: the driver asks again, and it is not done twice', async () => {
    failing({ fault: { kind: 'cut-after' }, commands: ['insert'], times: 1 });
    failing({ fault: { kind: 'not-primary' }, commands: ['update'], times: 1 });
    await store.apply(PARCELS, batch);
    expect([await weightOf(PARCELS, 'a'), await weightOf(PARCELS, 'b')]).toEqual([2n, 9n]);
  });

  test('since a majority has not confirmed its documents moves no checkpoint', async () => {
    const fault = { kind: 'error', code: 64, codeName: 'WriteConcernTimeout' } as const;
    await stoppedBy({ fault, commands: ['insert'] }, PARCELS, batch);
    expect((await store.checkpoints(PARCELS))[0]).toBe(position(1));
  });
});

describe.runIf(onDouble)('an owner that is displaced in the middle of a batch', () => {
  test('moves no checkpoint, and what it has written is what its events make of the documents', async () => {
    const owner = await owning(store, PARCELS);
    await store.apply(PARCELS, owner.next(created('a', { weight: 1n })));
    const late = owner.next(changed('a', [0, 1], { weight: 2n }), created('b', { weight: 9n }));
    const next = await openMongoReadModelStore(await database.connect());
    // It is told that it may write, but late.
    database.mongo.double?.inject({ fault: { kind: 'delay', milliseconds: 400 }, commands: ['find'] });
    const applying = expect(store.apply(PARCELS, late)).rejects.toMatchObject({ code: 'displaced' });
    await expect.poll(() => database.mongo.double?.documentsScanned()).toBeGreaterThan(0);
    const nextOwner = await owning(next, PARCELS);
    await next.apply(PARCELS, nextOwner.next(changed('a', [0, 2], { weight: 4n })));
    await applying;
    expect((await store.checkpoints(PARCELS))[0]).toBe(position(2));
    expect(await store.get(PARCELS, 'a')).toMatchObject({ revision: 2, fields: { weight: 4n } });
    expect(await store.get(PARCELS, 'b')).toMatchObject({ revision: 0, fields: { weight: 9n } });
    await next.apply(PARCELS, nextOwner.next(created('b', { weight: 9n })));
  });
});

describe('totals', () => {
  let owner: Owner;
  beforeEach(async () => {
    owner = await owning(store, TOTALS);
    await store.apply(TOTALS, owner.next(total('in', 1, 5n), total('out', 1, -5n)));
  });

  test('of a batch that is refused are not changed at all', async () => {
    const wrong = { ...total('out', 2, -9n), from: 7 };
    const batch = owner.next(total('in', 2, 9n), wrong);
    await expect(store.apply(TOTALS, batch)).rejects.toMatchObject({ code: 'displaced' });
    expect([await weightOf(TOTALS, 'in'), await weightOf(TOTALS, 'out')]).toEqual([5n, -5n]);
  });

  test('that have seen a batch are left alone, and others of it are changed', async () => {
    const batch = owner.next(total('in', 1, 7n), total('more', 1, 1n), total('out', 2, -9n));
    await store.apply(TOTALS, batch);
    const documents = (await store.find(TOTALS, { limit: 9 })).documents;
    expect(documents.map(({ id, fields }) => [id, fields.weight])).toEqual([
      ['in', 5n],
      ['more', 1n],
      ['out', -9n],
    ]);
    expect((await store.checkpoints(TOTALS))[0]).toBe(batch.position);
  });

  test.runIf(onDouble).each(['insert', 'update'])(
    'of a batch that stops at its %s are not changed at all, and all of them by the next attempt',
    async (command) => {
      const batch = owner.next(total('in', 2, 9n), total('new', 1, 0n), total('out', 2, -9n));
      await stoppedBy({ fault: { kind: 'cut-before' }, commands: [command] }, TOTALS, batch);
      expect([await weightOf(TOTALS, 'in'), await weightOf(TOTALS, 'out')]).toEqual([5n, -5n]);
      expect((await store.checkpoints(TOTALS))[0]).toBe(position(1));
      await store.apply(TOTALS, batch);
      expect([await weightOf(TOTALS, 'in'), await weightOf(TOTALS, 'out')]).toEqual([9n, -9n]);
    },
  );

  test.runIf(onDouble).each(['cut-before', 'cut-after'] as const)(
    'are changed where the commit has no answer at first (%s)',
    async (kind) => {
      failing({ fault: { kind }, commands: ['commitTransaction'], times: 4 });
      await store.apply(TOTALS, owner.next(total('in', 2, 9n), total('out', 2, -9n)));
      expect([await weightOf(TOTALS, 'in'), await weightOf(TOTALS, 'out')]).toEqual([9n, -9n]);
    },
  );

  test('are never seen in part while batches are applied', async () => {
    const reader = openMongoReadModelReader(await database.connect());
    let done = false;
    const writing = (async () => {
      for (let revision = 2n; revision < 30n; revision++) {
        const weight = revision * 100n;
        await store.apply(
          TOTALS,
          owner.next(total('in', Number(revision), weight), total('out', Number(revision), -weight)),
        );
      }
      done = true;
    })();
    const sums = new Set<unknown>();
    while (!done) {
      const { documents } = await reader.find(TOTALS, { limit: 9 });
      sums.add(documents.reduce((sum, { fields }) => sum + BigInt(String(fields.weight)), 0n));
      const both = await reader.getMany(TOTALS, ['in', 'out']);
      sums.add([...both.values()].reduce((sum, { fields }) => sum + BigInt(String(fields.weight)), 0n));
    }
    await writing;
    expect([...sums]).toEqual([0n]);
  });
});
