import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Position } from '../event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import { createMemoryReadModelStore } from '../projections/memory-read-model-store.ts';
import type { Projection } from '../projections/projection.ts';
import type { Document, ReadModelReader } from '../projections/read-model-store.ts';
import type { Upcaster } from '../repository/upcasting.ts';
import { arrived, CRATES, createRecorder, left, TOTALS, WEIGHINGS, weighed } from '../testing/crates.ts';
import { appendTo, commitOf, newEvent } from '../testing/event-factory.ts';
import { plainFold, startRun } from '../testing/projection-run.ts';
import { type ReplayOptions, replayModels } from './replay-models.ts';

const ALL: readonly Projection[] = [CRATES, WEIGHINGS, TOTALS];

const replayed = (store: EventStore, wanted: Partial<ReplayOptions> & Pick<ReplayOptions, 'until'>) =>
  replayModels({ reader: store, projections: ALL, streams: 'all', ...wanted });

const documentsOf = async (models: ReadModelReader, projection: Projection) =>
  (await models.find(projection, { limit: 10_000 })).documents;

const headOf = async (store: EventStore): Promise<Position> => (await store.head()) ?? '';

/** Crates that arrive, are weighed together, leave and come back; and what the models showed after each commit. */
async function history() {
  const store = createMemoryEventStore();
  const { record, recordTogether } = createRecorder(store);
  const moments: { readonly until: Position; readonly shown: ReadonlyMap<Projection, unknown> }[] = [];
  const steps = [
    () => record('crate-a', arrived('Ann')),
    () => record('crate-b', arrived('Ben'), weighed(5n)),
    () => record('other-x', weighed(1n)),
    () => recordTogether(['crate-a', weighed(7n), weighed(8n)], ['crate-b', weighed(9n)]),
    () => record('crate-a', left()),
    () => recordTogether(['crate-c', arrived('Ann'), weighed(4n)], ['crate-a', arrived('Ada'), weighed(1n)]),
    () => record('crate-b', weighed(2n)),
  ];
  for (const step of steps) {
    await step();
    const shown = new Map<Projection, unknown>();
    for (const projection of ALL) shown.set(projection, await plainFold(store, projection));
    moments.push({ until: await headOf(store), shown });
  }
  return { store, moments };
}

describe('replayed models', () => {
  it('show what the live ones showed after each commit', async () => {
    const { store, moments } = await history();
    for (const { until, shown } of moments) {
      const models = await replayed(store, { until });
      for (const projection of ALL)
        expect(await documentsOf(models, projection)).toEqual(shown.get(projection));
      expect(await models.checkpoints(CRATES)).toEqual([until]);
      expect(await models.liveVersion('crates')).toBe(1);
    }
  });

  it('show nothing of a commit that goes on after the position', async () => {
    const { store, moments } = await history();
    const [, , before, together] = moments;
    const ends = [Number(before?.until), Number(together?.until)] as const;
    for (let position = ends[0]; position < ends[1]; position++) {
      const models = await replayed(store, { until: String(position).padStart(16, '0') });
      for (const projection of ALL)
        expect(await documentsOf(models, projection)).toEqual(before?.shown.get(projection));
    }
  });

  it('show nothing before the first event', async () => {
    const { store } = await history();
    const models = await replayed(store, { until: undefined });
    for (const projection of ALL) expect(await documentsOf(models, projection)).toEqual([]);
    expect(await models.checkpoints(CRATES)).toEqual([undefined]);
  });

  it('show those of some streams, and read no others', async () => {
    const { store, moments } = await history();
    const read: string[] = [];
    const reader: EventStore = {
      ...store,
      readStream(stream, options) {
        read.push(stream);
        return store.readStream(stream, options);
      },
    };
    const projections = [CRATES, WEIGHINGS];
    const streams = ['crate-b', 'crate-a', 'crate-b', 'other-x', 'crate-z'];
    const isOfThem = ({ id }: Document) => /^(crate-)?[ab]/.test(id);
    for (const { until } of moments) {
      const some = await replayed(reader, { projections, streams, until });
      const whole = await replayed(store, { projections, until });
      for (const projection of projections) {
        const expected = (await documentsOf(whole, projection)).filter(isOfThem);
        expect(await documentsOf(some, projection)).toEqual(expected);
      }
    }
    expect(new Set(read)).toEqual(new Set(['crate-a', 'crate-b', 'crate-z']));
  });

  it('refuse totals of some streams, which would be wrong', async () => {
    const { store } = await history();
    const some = replayed(store, { until: await headOf(store), streams: ['crate-a'] });
    await expect(some).rejects.toThrow('totals holds totals: replay all streams.');
  });

  it('are the same over many pages, with documents that come back long after', async () => {
    const store = createMemoryEventStore();
    const { record } = createRecorder(store);
    for (let i = 0; i < 1_500; i++) await record(`crate-${i}`, arrived('Ann'), weighed(BigInt(i)));
    for (let i = 0; i < 1_500; i += 7) await record(`crate-${i}`, left(), arrived('Ben'));
    const models = await replayed(store, { until: await headOf(store) });
    for (const projection of ALL)
      expect(await documentsOf(models, projection)).toEqual(await plainFold(store, projection));
  });
});

describe('queries of replayed models', () => {
  it('go by indexes, ranges and cursors, which go on in another replay of the same position', async () => {
    const { store, moments } = await history();
    const until = moments[5]?.until;
    const query = {
      where: { owner: 'Ann' },
      orderBy: { field: 'grams', direction: 'descending' },
      limit: 1,
    } as const;
    // What comes after the position makes no difference.
    await createRecorder(store).record('crate-late', arrived('Ann'), weighed(3n));
    const [one, other] = [await replayed(store, { until }), await replayed(store, { until })];
    const range = { ...query, range: { from: 0n, to: 10n } };
    expect((await one.find(CRATES, range)).documents.map(({ id }) => id)).toEqual(['c']);
    const { next } = await one.find(WEIGHINGS, { limit: 3 });
    const rest = await other.find(WEIGHINGS, { limit: 100, cursor: next ?? '' });
    const whole = await other.find(WEIGHINGS, { limit: 100 });
    expect(rest.documents).toEqual(whole.documents.slice(3));
    expect(rest.documents.length).toBeGreaterThan(0);
    await expect(one.find(CRATES, { where: { grams: 1n }, limit: 1 })).rejects.toMatchObject({
      code: 'query-refused',
    });
  });

  it('take the cursors of the live models, and theirs are taken there', async () => {
    const { store } = await history();
    const live = createMemoryReadModelStore();
    const run = startRun({ reader: store, store: live, projections: [WEIGHINGS] });
    const until = await headOf(store);
    await run.reached('weighings', until);
    await run.end();
    const models = await replayed(store, { until });
    const cursor = (await live.find(WEIGHINGS, { limit: 2 })).next ?? '';
    expect((await models.find(WEIGHINGS, { limit: 2 })).next).toBe(cursor);
    expect(await models.find(WEIGHINGS, { limit: 2, cursor })).toEqual(
      await live.find(WEIGHINGS, { limit: 2, cursor }),
    );
  });
});

describe('a replay', () => {
  const append = async (store: EventStore, type: string, data: unknown) =>
    store.append(commitOf(appendTo('crate-a', 0, [newEvent({ type, data: JSON.stringify(data) })])));

  it('ends at an event of a type that it does not know, and names it; not where that comes later', async () => {
    const store = createMemoryEventStore();
    await createRecorder(store).record('crate-a', arrived('Ann'));
    const before = await headOf(store);
    await append(store, 'CrateMelted', {});
    const error = expect.objectContaining({
      code: 'unknown-event-type',
      message: expect.stringMatching('crate-a@1 .*CrateMelted'),
    });
    await expect(replayed(store, { until: await headOf(store) })).rejects.toEqual(error);
    expect(await documentsOf(await replayed(store, { until: before }), CRATES)).toHaveLength(1);
  });

  it('shows old events in their newest form', async () => {
    const store = createMemoryEventStore();
    await createRecorder(store).record('crate-a', arrived('Ann'));
    await append(store, 'Weighed', { grams: 12 });
    const upcaster: Upcaster = {
      type: 'Weighed',
      schemaVersion: 1,
      upcast: (data) => ({
        type: 'CrateWeighed',
        schemaVersion: 1,
        data: { grams: String((data as { grams: number }).grams) },
      }),
    };
    const crates: Projection = { ...CRATES, upcasters: [upcaster] };
    const models = await replayed(store, { projections: [crates], until: await headOf(store) });
    expect((await models.get(crates, 'a'))?.fields.grams).toBe(12n);
  });

  it('ends at an event that finds no document, and does not look for it elsewhere', async () => {
    const store = createMemoryEventStore();
    await createRecorder(store).record('crate-a', weighed(1n));
    await expect(replayed(store, { until: await headOf(store) })).rejects.toMatchObject({
      code: 'document-missing',
      event: 'crate-a@0',
    });
  });

  it('ends where the signal says so, and lets others go on meanwhile', async () => {
    const store = createMemoryEventStore();
    const { record } = createRecorder(store);
    for (let i = 0; i < 10; i++)
      await record(`crate-${i}`, arrived('Ann'), ...Array.from({ length: 990 }, () => weighed(1n)));
    const ending = new AbortController();
    let turns = 0;
    const others = (async () => {
      while (!ending.signal.aborted) {
        await setImmediate();
        if (++turns === 3) ending.abort(new Error('enough'));
      }
    })();
    await expect(replayed(store, { until: await headOf(store), signal: ending.signal })).rejects.toThrow(
      'enough',
    );
    await others;
    expect(turns).toBe(3);
  });
});
