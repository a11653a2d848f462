import { expect, test } from 'vitest';
import { EventSourcingError } from '../../errors.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Batch, ReadModelStore } from '../../projections/read-model-store.ts';
import { arrived, CRATES, left, TOTALS, WEIGHINGS, weighed } from '../crates.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** Documents that many streams feed, in the order of the log. */
export function totalsSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, recordTogether, start } = suite;

  test('fold the events of all streams, and say up to which one', async () => {
    await record('crate-a', arrived('ann'), weighed(5n));
    const run = start({ projections: [TOTALS] });
    await headReached(run, [TOTALS]);
    await recordTogether(['crate-b', arrived('bob'), weighed(7n)], ['crate-a', left()]);
    await headReached(run, [TOTALS]);
    expect(await suite.store.get(TOTALS, 'all')).toEqual({
      id: 'all',
      revision: 5,
      fields: { events: 5n, grams: 12n, position: await suite.log.head() },
    });
    expect(await suite.store.get(TOTALS, 'CrateWeighed')).toMatchObject({
      revision: 2,
      fields: { grams: 12n },
    });
    await expectPlainFold(TOTALS);
  });

  test('go on after a restart, beside projections of other orders', async () => {
    const projections = [CRATES, TOTALS, WEIGHINGS];
    await record('crate-a', arrived('ann'), weighed(5n));
    const first = start({ projections });
    await headReached(first, projections);
    await first.end();
    await record('crate-b', arrived('bob'), weighed(6n));
    await headReached(start({ projections }), projections);
    await expectPlainFold(...projections);
  });

  test('leave out what a document has seen already, where a batch was applied half', async () => {
    await record('crate-a', arrived('ann'));
    const first = start({ projections: [TOTALS] });
    await headReached(first, [TOTALS]);
    await first.end();
    await recordTogether(['crate-a', weighed(5n)], ['crate-b', arrived('bob')]);
    const dying = start({ projections: [TOTALS], store: halfApplying(suite.store) });
    await dying.finished;
    expect(await suite.store.get(TOTALS, 'all')).toMatchObject({ revision: 3 });
    expect(await suite.store.get(TOTALS, 'CrateArrived')).toMatchObject({ revision: 1 });
    await record('crate-c', arrived('cyd'));
    await headReached(start({ projections: [TOTALS] }), [TOTALS]);
    await expectPlainFold(TOTALS);
  });

  test('stop before a commit with an event that they cannot fold, all of it, and go on there later', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    await recordTogether(['crate-a', weighed(2n)], ['crate-b', arrived('bob')]);
    const before = await suite.log.head();
    await recordTogether(
      ['crate-a', weighed(4n)],
      ['crate-bad', arrived('bob'), weighed(8n)],
      ['crate-b', left()],
    );
    await record('crate-a', weighed(16n));
    const run = start({ projections: [failing, CRATES] });
    await headReached(run, [CRATES]);
    await run.reached('totals', 'never');
    expect(run.stopped()).toEqual([
      [
        'totals',
        { code: 'event-not-projected', event: 'crate-bad@1', message: expect.stringContaining('paper') },
      ],
    ]);
    expect(await suite.checkpoint(TOTALS)).toBe(before);
    expect(await suite.store.get(TOTALS, 'all')).toMatchObject({
      revision: 4,
      fields: { grams: 3n, position: before },
    });
    await headReached(start({ projections: [TOTALS] }), [TOTALS]);
    await expectPlainFold(TOTALS);
  });

  test('stop before a commit with an event type that they do not know', async () => {
    await record('crate-a', arrived('ann'));
    const before = await suite.log.head();
    await recordTogether(['crate-a', weighed(2n)], ['crate-b', { type: 'CrateBurned', data: {} }]);
    const run = start({ projections: [TOTALS] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['totals', { code: 'unknown-event-type', event: 'crate-b@0' }]]);
    expect(await suite.checkpoint(TOTALS)).toBe(before);
    expect(await suite.store.get(TOTALS, 'all')).toMatchObject({ revision: 1 });
  });

  test('have nothing of the first commit where that cannot be folded', async () => {
    await record('crate-bad', arrived('bob'), weighed(8n));
    const run = start({ projections: [failing] });
    await run.finished;
    expect(await suite.checkpoint(TOTALS)).toBeUndefined();
    expect(await suite.store.get(TOTALS, 'all')).toBeUndefined();
  });

  test('stop where there is no document and the event creates none: one stream could not make it again', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    const run = start({ projections: [{ ...TOTALS, creates: ['CrateArrived'] }] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['totals', { code: 'document-missing', event: 'crate-a@1' }]]);
  });

  test('stop where a document is to be deleted', async () => {
    await record('crate-a', arrived('ann'));
    const run = start({ projections: [{ ...TOTALS, evolve: () => undefined }] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['totals', { code: 'document-refused', event: 'crate-a@0' }]]);
  });

  test('are refused without a field for their position', async () => {
    const { position, ...fields } = TOTALS.fields;
    const run = start({ projections: [{ ...TOTALS, fields }] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['totals', { code: 'read-model-refused' }]]);
  });
}

const failing: Projection = {
  ...TOTALS,
  evolve(fields, event, documentId) {
    if (event.stream === 'crate-bad' && event.revision === 1) throw new Error('out of paper');
    return TOTALS.evolve(fields, event, documentId);
  },
};

/** A store without transactions: it applies every other document of a batch, and its user dies. */
function halfApplying(store: ReadModelStore): ReadModelStore {
  const half = ({ changes }: Batch) => changes.filter(({ id }) => id === 'all' || id === 'CrateWeighed');
  return {
    ...store,
    async apply(model, batch) {
      await store.apply(model, { ...batch, position: batch.after ?? batch.position, changes: half(batch) });
      throw new EventSourcingError('store-damaged', 'crashed');
    },
  };
}
