import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadModelRefused } from '../projections/errors.ts';
import { createMemoryReadModelStore } from '../projections/memory-read-model-store.ts';
import { leastOf, partitionsOf } from '../projections/partitions.ts';
import type { Projection } from '../projections/projection.ts';
import type { Document, ReadModelReader } from '../projections/read-model-store.ts';
import { CRATES, TOTALS, WEIGHINGS } from '../testing/crates.ts';
import { CRATE, createProjector, logOf, type Projector, recordedCrates } from '../testing/verified-crates.ts';
import { createFindings, type Finding } from './findings.ts';
import type { RecordedCommit } from './verifiable-log.ts';
import { type Verification, verify } from './verify.ts';

const PROJECTIONS = [CRATES, WEIGHINGS, TOTALS];

const histories = fc
  .array(fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .map(recordedCrates);

/** How few documents are kept, so that they are compared on the way and forgotten. */
const capacities = fc.integer({ min: 1, max: 12 });

interface Bank {
  readonly store: ReturnType<typeof createMemoryReadModelStore>;
  advance(commits: number): Promise<void>;
  /** Of one projection's partition, or of another projection: so many of them are there. */
  readonly projectors: readonly Projector[];
}

async function openBank(commits: readonly RecordedCommit[], partitions = 1): Promise<Bank> {
  const store = createMemoryReadModelStore({ partitions });
  for (const projection of PROJECTIONS) {
    await store.prepare(projection);
    await store.setLive(projection);
  }
  const projectors = PROJECTIONS.flatMap((projection) => {
    const of = partitionsOf(projection, store);
    return Array.from({ length: of }, (_, index) =>
      createProjector(store, projection, commits, { index, of }),
    );
  });
  return {
    store,
    projectors,
    async advance(count) {
      for (const projector of projectors) await projector.advance(count);
    },
  };
}

async function verified(
  commits: readonly RecordedCommit[],
  models: ReadModelReader,
  documentsInMemory: number,
  visible?: () => number,
  projections: readonly Projection[] = PROJECTIONS,
  atomicBatches = true,
): Promise<{ readonly findings: readonly Finding[]; readonly models: Verification['models'] }> {
  const findings = createFindings();
  const verification = await verify({
    log: logOf(commits, visible),
    aggregates: [CRATE],
    checks: [],
    vault: undefined,
    snapshots: undefined,
    models,
    projections,
    findings,
    documentsInMemory,
    atomicBatches,
  });
  return { findings: findings.all(), models: verification.models };
}

describe('read models that follow from the log', () => {
  test('are found equal, also where they are behind', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(40), capacities, async (commits, done, capacity) => {
        const bank = await openBank(commits);
        await bank.advance(done);
        const { findings } = await verified(commits, bank.store, capacity);
        expect(findings).toEqual([]);
      }),
    );
  });

  test('are found equal while log and read models are written', async () => {
    const moves = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(histories, capacities, fc.nat(20), moves, async (commits, capacity, start, steps) => {
        const bank = await openBank(commits);
        let visible = Math.min(start, commits.length);
        let projected = 0;
        let step = 0;
        /** At every call more is in the log, and of that more in the read models. */
        const whileItRuns = async () => {
          const [more, done] = steps[step++ % steps.length] ?? [0, 0];
          visible = Math.min(commits.length, visible + more);
          const next = Math.min(done, visible - projected);
          projected += next;
          await bank.advance(next);
        };
        const { findings } = await verified(
          commits,
          movedBy(bank.store, whileItRuns),
          capacity,
          () => visible,
        );
        expect(findings).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('are found equal where each partition is as far as it is, and nobody waits for the others', async () => {
    const steps = fc.array(fc.tuple(fc.nat(8), fc.nat(12)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(histories, steps, capacities, async (commits, done, capacity) => {
        const bank = await openBank(commits, 3);
        for (const [which, count] of done) {
          await bank.projectors[which % bank.projectors.length]?.advance(count);
        }
        const { findings } = await verified(commits, bank.store, capacity);
        expect(findings).toEqual([]);
      }),
    );
  });

  test('are found equal while several write partitions of them', async () => {
    const moves = fc.array(fc.tuple(fc.nat(3), fc.nat(8), fc.nat(6)), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(histories, capacities, fc.nat(20), moves, async (commits, capacity, start, steps) => {
        const bank = await openBank(commits, 3);
        let visible = Math.min(start, commits.length);
        let step = 0;
        const whileItRuns = async () => {
          const [more, which, done] = steps[step++ % steps.length] ?? [0, 0, 0];
          visible = Math.min(commits.length, visible + more);
          const projector = bank.projectors[which % bank.projectors.length];
          await projector?.advance(Math.min(done, visible - projector.done()));
        };
        const reader = movedBy(bank.store, whileItRuns);
        const { findings } = await verified(commits, reader, capacity, () => visible);
        expect(findings).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('are not found wrong where the first batch comes between two looks', async () => {
    const commits = recordedCrates([[1]]);
    for (let looks = 0; looks < 20; looks++) {
      const bank = await openBank(commits, 3);
      let left = looks;
      const reader = movedBy(bank.store, async () => {
        if (left-- === 0) await bank.advance(1);
      });
      const { findings } = await verified(commits, reader, 3, () => commits.length);
      expect(findings).toEqual([]);
    }
  });

  test('may be ahead of a checkpoint that is written after them, and else are named', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(20), fc.nat(20), capacities, async (commits, one, two, capacity) => {
        for (const partitions of [1, 3]) {
          const bank = await openBank(commits, partitions);
          await bank.advance(one);
          const checkpoints = new Map<string, Awaited<ReturnType<ReadModelReader['checkpoints']>>>();
          for (const model of PROJECTIONS) checkpoints.set(model.name, await bank.store.checkpoints(model));
          await bank.advance(two);
          const reader: ReadModelReader = {
            ...bank.store,
            checkpoints: async ({ name }) => checkpoints.get(name) ?? [],
            async census(model) {
              const { documents } = await bank.store.census(model);
              return { documents, checkpoint: leastOf(checkpoints.get(model.name) ?? []) };
            },
          };
          const { findings } = await verified(commits, reader, capacity, undefined, PROJECTIONS, false);
          // Before its first batch a model has no documents, in any store: that is no state to judge by.
          if (one > 0) expect(findings).toEqual([]);
        }
      }),
    );
    const commits = recordedCrates([[1], [1], [2]]);
    const bank = await openBank(commits);
    await bank.advance(1);
    const [old] = await bank.store.checkpoints(CRATES);
    await bank.advance(2);
    const older: ReadModelReader = {
      ...bank.store,
      checkpoints: async () => [old],
      census: async (model) => ({ ...(await bank.store.census(model)), checkpoint: old }),
    };
    const { findings } = await verified(commits, older, 10, undefined, [CRATES]);
    expect(findings).toMatchObject([{ kind: 'document-ahead:crates', count: 2 }]);
  });

  test('are named where the store finds a fault in an index', async () => {
    const commits = recordedCrates([[1]]);
    const bank = await openBank(commits);
    const broken = ['row 3 missing from an index', 'wrong # of entries'];
    const broke: ReadModelReader = {
      ...bank.store,
      faults: async ({ name }) => (name === 'weighings' ? [] : broken),
    };
    const { findings } = await verified(commits, broke, 10);
    expect(findings).toEqual(
      ['crates', 'totals'].map((name) => ({
        kind: `read-model-index:${name}`,
        place: name,
        what: broken[0],
        count: 2,
      })),
    );
  });

  test('are said to be behind by their positions, and not filled where there is no version', async () => {
    const commits = recordedCrates([[1], [1, 2], [3]]);
    const bank = await openBank(commits);
    await bank.advance(2);
    const { models } = await verified(commits, bank.store, 10);
    expect(models[0]).toEqual({
      name: 'crates',
      state: 'compared',
      version: 1,
      documents: 2,
      position: '0000000000000003',
      filling: undefined,
    });
    const empty = createMemoryReadModelStore();
    const unfilled = await verified(commits, empty, 10);
    expect(unfilled.findings).toEqual([]);
    expect(unfilled.models[0]).toMatchObject({ state: 'not-live', version: undefined, filling: 1 });
  });
});

describe('an event that cannot be folded', () => {
  const commits = recordedCrates([[1], [1], [1], [2]]);
  const broken = (projection: Projection): Projection => ({
    ...projection,
    evolve(fields, event, id) {
      if (event.position === '0000000000000003') throw new Error('no');
      return projection.evolve(fields, event, id);
    },
  });

  test.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
    'is named once where no version is live, and where the live one has stopped before it: %s',
    async (_, projection) => {
      const named = [
        {
          kind: `event-not-projected:${projection.name}`,
          place: 'crate-1@2, position 0000000000000003',
          what: 'no',
          count: 1,
        },
      ];
      const projections = [broken(projection)];
      const unfilled = await verified(commits, createMemoryReadModelStore(), 10, undefined, projections);
      expect(unfilled.findings).toEqual(named);
      const bank = await openBank(commits);
      expect((await verified(commits, bank.store, 10, undefined, projections)).findings).toEqual(named);
      await bank.advance(2);
      expect((await verified(commits, bank.store, 10, undefined, projections)).findings).toEqual(named);
    },
  );
});

describe('a version that is replaced while it is read', () => {
  test.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
    'is not found wrong, at whatever call it happens: %s',
    async (_, projection) => {
      const commits = recordedCrates([[1], [1, 2], [3], [2]]);
      const next = { ...projection, version: 2 };
      for (let at = 2, isReplaced = true; isReplaced; at++) {
        const bank = await openBank(commits);
        await bank.advance(4);
        let call = 0;
        const replace = async () => {
          if (++call !== at) return;
          await bank.store.prepare(next);
          await bank.store.setLive(next);
          await bank.store.drop(projection);
        };
        const reader = emptyWhereDropped(bank.store);
        const { findings, models } = await verified(commits, movedBy(reader, replace), 10, undefined, [
          projection,
        ]);
        expect(findings).toEqual([]);
        isReplaced = call >= at;
        expect(models[0]?.state).toBe(isReplaced ? 'replaced' : 'compared');
      }
    },
  );
});

describe('of read models that do not follow from the log', () => {
  const planted = fc.record({
    kind: fc.constantFrom('wrong', 'missing', 'extra'),
    pick: fc.nat(1_000),
  });

  const ways = fc.record({ partitions: fc.constantFrom(1, 3), behind: fc.constantFrom(0, 1, 5) });

  test.each([
    ['crates', CRATES],
    ['weighings', WEIGHINGS],
    ['totals', TOTALS],
  ])('the fault is named: %s', async (_, projection) => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        capacities,
        planted,
        ways,
        async (commits, capacity, { kind, pick }, way) => {
          // Of a crate that has left since, nobody can say whether it was still there when it was looked for.
          fc.pre(way.behind === 0 || projection !== CRATES);
          const bank = await openBank(commits, way.partitions);
          await bank.advance(commits.length - way.behind);
          // Not all partitions are as far as the others.
          await bank.projectors[pick % bank.projectors.length]?.advance(way.behind);
          const { documents } = await bank.store.find(projection, { limit: 1_000 });
          const chosen = documents[pick % Math.max(1, documents.length)];
          fc.pre(chosen !== undefined);
          const { findings } = await verified(
            commits,
            planting(bank.store, projection, chosen, kind),
            capacity,
          );
          const id = kind === 'extra' ? 'nobody' : chosen.id;
          expect(findings).toEqual([
            {
              kind: `document-${kind}:${projection.name}`,
              place: `${projection.name} ${id}`,
              what: expect.any(String),
              count: 1,
            },
          ]);
        },
      ),
    );
  });

  test('an older document at the revision that it carries is named as behind', async () => {
    const commits = recordedCrates([[3], [3], [3], [1]]);
    const bank = await openBank(commits);
    await bank.advance(1);
    const old = await bank.store.get(CRATES, '3');
    await bank.advance(3);
    const reader: ReadModelReader = {
      ...bank.store,
      async getMany(model, ids) {
        const found = await bank.store.getMany(model, ids);
        return model === CRATES && old ? new Map([...found, [old.id, old]]) : found;
      },
    };
    const { findings } = await verified(commits, reader, 10);
    expect(findings).toMatchObject([{ kind: 'document-behind:crates', place: 'crates 3' }]);
  });

  test('a checkpoint beyond the log is named, whatever else is there', async () => {
    const commits = recordedCrates([[1], [2], [3]]);
    const bank = await openBank(commits);
    await bank.advance(3);
    const { findings } = await verified(commits.slice(0, 2), bank.store, 10);
    expect(findings.map(({ kind }) => kind)).toEqual(
      PROJECTIONS.map(({ name }) => `read-model-ahead:${name}`),
    );
  });
});

/** Does something before each call. */
function movedBy(store: ReadModelReader, move: () => Promise<void>): ReadModelReader {
  let moving = Promise.resolve();
  const moved = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    moving = moving.then(move);
    await moving;
    return await work();
  };
  return {
    get: (model, id) => moved(() => store.get(model, id)),
    getMany: (model, ids) => moved(() => store.getMany(model, ids)),
    find: (model, query) => moved(() => store.find(model, query)),
    checkpoints: (model) => moved(() => store.checkpoints(model)),
    census: (model) => moved(() => store.census(model)),
    faults: (model) => moved(() => store.faults(model)),
    liveVersion: (name) => moved(() => store.liveVersion(name)),
  };
}

/** As a reader beside the writer sees it: what is dropped is empty. */
function emptyWhereDropped(store: ReadModelReader): ReadModelReader {
  const or =
    <Result>(nothing: Result) =>
    (error: unknown) => {
      if (error instanceof ReadModelRefused) return nothing;
      throw error;
    };
  return {
    ...store,
    getMany: (model, ids) => store.getMany(model, ids).catch(or(new Map())),
    find: (model, query) => store.find(model, query).catch(or({ documents: [], next: undefined })),
    checkpoints: (model) => store.checkpoints(model).catch(or([undefined])),
    census: (model) => store.census(model).catch(or({ documents: 0, checkpoint: undefined })),
    faults: (model) => store.faults(model).catch(or([])),
  };
}

/** The store with one fault in one of its read models. */
function planting(
  store: ReadModelReader,
  projection: Projection,
  chosen: Document,
  kind: string,
): ReadModelReader {
  const extra = { ...chosen, id: 'nobody' };
  const seen = (document: Document): readonly Document[] => {
    if (document.id !== chosen.id) return [document];
    switch (kind) {
      case 'missing':
        return [];
      case 'extra':
        return [document, extra];
      default:
        return [{ ...document, fields: { ...document.fields, grams: -1n } }];
    }
  };
  const difference = kind === 'missing' ? -1 : kind === 'extra' ? 1 : 0;
  return {
    ...store,
    async getMany(model, ids) {
      const found = await store.getMany(model, ids);
      if (model !== projection) return found;
      const shown = new Map([...found.values()].flatMap(seen).map((document) => [document.id, document]));
      if (!ids.includes('nobody')) shown.delete('nobody');
      return shown;
    },
    async find(model, query) {
      const page = await store.find(model, query);
      return model === projection ? { ...page, documents: page.documents.flatMap(seen) } : page;
    },
    async census(model) {
      const { documents, checkpoint } = await store.census(model);
      return { documents: documents + (model === projection ? difference : 0), checkpoint };
    },
  };
}
