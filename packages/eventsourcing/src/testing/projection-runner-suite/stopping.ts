import { expect, test } from 'vitest';
import type { DomainEvent, RecordedEvent } from '../../event.ts';
import type { EventReader } from '../../event-store/event-store.ts';
import type { Projection } from '../../projections/projection.ts';
import { arrived, CRATES, WEIGHINGS, weighed } from '../crates.ts';
import { inPagesOf } from '../projection-run.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** What stops a projection, and only that one. */
export function stoppingSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  const failing: Projection = {
    ...CRATES,
    evolve: (fields, event) => {
      if (event.stream === 'crate-bad' && event.revision === 1) throw new Error('out of paper');
      return CRATES.evolve(fields, event, event.aggregateId);
    },
  };

  test('stops that projection with the reason, and the others go on', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    await record('crate-bad', arrived('bob'), weighed(2n));
    await record('crate-c', arrived('cyd'), weighed(3n));
    const run = start({ projections: [failing, WEIGHINGS] });
    await headReached(run, [WEIGHINGS]);
    await record('crate-c', weighed(4n));
    await headReached(run, [WEIGHINGS]);
    expect(run.stopped()).toEqual([
      [
        'crates',
        expect.objectContaining({ message: 'The event crate-bad@1 cannot be projected: out of paper.' }),
      ],
    ]);
    await expectPlainFold(WEIGHINGS);
  });

  test('has applied every event before it and none after', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    await record('crate-bad', arrived('bob'), weighed(2n));
    await record('crate-c', arrived('cyd'));
    const run = start({ projections: [failing] });
    await run.finished;
    expect((await suite.store.find(CRATES, { limit: 9 })).documents).toMatchObject([
      { id: 'a', revision: 1 },
      { id: 'bad', revision: 0 },
    ]);
    expect(await suite.checkpoint(CRATES)).toBe('0000000000000003');
  });

  test('goes on from there when the next start can project it', async () => {
    await record('crate-bad', arrived('bob'), weighed(2n));
    await start({ projections: [failing] }).finished;
    const run = start({ projections: [CRATES] });
    await headReached(run, [CRATES]);
    await expectPlainFold(CRATES);
  });

  test('has applied an event for all of the documents that it feeds, or is read on from before it', async () => {
    const twice: Projection = {
      ...CRATES,
      documentIds: ({ aggregateId }) => [aggregateId, `${aggregateId}-copy`],
    };
    const half: Projection = {
      ...twice,
      evolve(fields, event, documentId) {
        if (documentId === 'a-copy' && event.revision === 2) throw new Error('out of paper');
        return twice.evolve(fields, event, documentId);
      },
    };
    await record('crate-a', arrived('ann'), weighed(1n), weighed(2n));
    await start({ projections: [half] }).finished;
    expect(await suite.checkpoint(CRATES)).toBe('0000000000000002');
    expect(await suite.store.get(CRATES, 'a-copy')).toMatchObject({ revision: 1 });
    await headReached(start({ projections: [twice] }), [CRATES]);
    await expectPlainFold(twice);
  });

  test.each([
    [
      'an event type that it does not know',
      { type: 'CrateBurned', data: {} },
      /^The event crate-a@0 cannot be projected: it is a CrateBurned in version 1, .* run a version that does\.$/,
    ],
    ['no document where there must be one', weighed(1n), /finds no document in crates, and CrateWeighed/],
  ] satisfies readonly (readonly [string, DomainEvent, RegExp])[])(
    'stops for %s',
    async (_, event, message) => {
      await record('crate-a', event);
      const run = start({ projections: [CRATES] });
      await run.finished;
      expect(run.stopped()).toEqual([
        ['crates', expect.objectContaining({ message: expect.stringMatching(message) })],
      ]);
      expect(run.stopped()[0]?.[1]).toMatchObject({ message: expect.stringContaining('crate-a@0') });
    },
  );

  test.each([
    ['of one page', 100],
    ['of several pages', 1],
  ])('stops for an event whose predecessor in its stream has not come, in the events %s', async (_, size) => {
    const gappy = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
      events.filter(({ stream, revision }) => stream !== 'crate-b' || revision !== 2);
    const reader: EventReader = {
      ...suite.log,
      async *readAll(options) {
        for await (const page of suite.log.readAll(options)) yield { ...page, events: gappy(page.events) };
      },
    };
    await record('crate-a', arrived('ann'), weighed(1n));
    await record('crate-b', arrived('bob'), weighed(2n), weighed(3n), weighed(4n));
    const run = start({ reader: inPagesOf(size, reader) });
    await run.finished;
    expect(run.stopped()).toEqual(
      ['crates', 'weighings'].map((projection) => [
        projection,
        expect.objectContaining({
          code: 'store-damaged',
          message: expect.stringMatching(/^The event crate-b@3 cannot be projected: .*crate-b@1/),
        }),
      ]),
    );
    expect(await suite.store.get(CRATES, 'b')).toMatchObject({ revision: 1, fields: { grams: 2n } });
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({ revision: 1 });
  });

  test('stops for a document that the store refuses', async () => {
    await record('crate-a', arrived('ann'));
    const run = start({ projections: [{ ...CRATES, evolve: () => ({ owner: 7n }) }, WEIGHINGS] });
    await headReached(run, [WEIGHINGS]);
    expect(run.stopped()).toMatchObject([['crates', { code: 'document-refused' }]]);
    expect(await suite.checkpoint(CRATES)).toBeUndefined();
  });
}
