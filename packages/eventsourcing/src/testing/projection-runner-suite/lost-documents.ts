import { expect, test } from 'vitest';
import type { EventReader } from '../../event-store/event-store.ts';
import type { Projection } from '../../projections/projection.ts';
import { arrived, CRATES, left, weighed } from '../crates.ts';
import { inPagesOf } from '../projection-run.ts';
import type { RunnerSuite } from './runner-suite.ts';

/** Documents that the store should have and has not. */
export function lostDocumentsSuite(suite: RunnerSuite): void {
  const { expectPlainFold, headReached, record, start } = suite;

  /** What is in the log so far is taken for folded, and no document of it is there. */
  async function lose(): Promise<void> {
    await suite.store.prepare(CRATES);
    const epoch = await suite.store.takeOver(CRATES, 0);
    const position = (await suite.log.head()) ?? '';
    await suite.store.apply(CRATES, { partition: 0, after: undefined, position, epoch, changes: [] });
  }

  test('is made again from its stream up to the event that updates it, and counts nothing twice', async () => {
    await record('crate-a', arrived('ann'), weighed(1n), weighed(2n));
    await record('crate-b', arrived('bob'));
    await lose();
    await record('crate-a', weighed(4n), weighed(8n));
    await record('crate-b', weighed(16n));
    const run = start({ projections: [CRATES] });
    await headReached(run, [CRATES]);
    expect(run.stopped()).toEqual([]);
    expect(await suite.store.get(CRATES, 'a')).toMatchObject({
      revision: 4,
      fields: { grams: 15n, weighings: 4 },
    });
    await expectPlainFold(CRATES);
  });

  test('is read no further than to that event', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    await lose();
    await record('crate-a', weighed(2n), weighed(4n));
    const limits: unknown[] = [];
    const reader: EventReader = {
      ...suite.log,
      readStream(stream, options) {
        limits.push([stream, options]);
        return suite.log.readStream(stream, options);
      },
    };
    await headReached(start({ reader: inPagesOf(1, reader), projections: [CRATES], batchEvents: 1 }), [
      CRATES,
    ]);
    expect(limits).toEqual([['crate-a', { limit: 2 }]]);
    await expectPlainFold(CRATES);
  });

  test('is not made again where an event before creates it', async () => {
    const reader: EventReader = {
      ...suite.log,
      readStream: () => {
        throw new Error('nobody needs this');
      },
    };
    await record('crate-a', arrived('ann'), weighed(1n));
    const first = start({ reader, projections: [CRATES] });
    await headReached(first, [CRATES]);
    await record('crate-a', left());
    await record('crate-b', arrived('bob'), weighed(2n));
    await headReached(first, [CRATES]);
    await first.end();
    await record('crate-a', arrived('ann'), weighed(4n));
    const second = start({ reader, projections: [CRATES] });
    await headReached(second, [CRATES]);
    expect(second.stopped()).toEqual([]);
    await expectPlainFold(CRATES);
  });

  test('that was deleted stays so: it is not lost', async () => {
    await record('crate-a', arrived('ann'), left());
    await lose();
    await record('crate-a', weighed(4n));
    const run = start({ projections: [CRATES] });
    await headReached(run, [CRATES]);
    expect(run.stopped()).toEqual([]);
    expect(await suite.store.get(CRATES, 'a')).toBeUndefined();
    expect((await suite.store.load(CRATES, ['a'])).get('a')).toMatchObject({ deleted: true, revision: 2 });
  });

  test('stops the projection where its stream does not create it either', async () => {
    await record('crate-a', weighed(1n), weighed(2n));
    await lose();
    await record('crate-a', weighed(4n));
    const run = start({ projections: [CRATES] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['crates', { code: 'document-missing', event: 'crate-a@2' }]]);
  });

  test('stops the projection where an event of its stream cannot be folded', async () => {
    await record('crate-a', arrived('ann'), weighed(1n));
    await lose();
    await record('crate-a', weighed(2n));
    const failing: Projection = {
      ...CRATES,
      evolve(fields, event, documentId) {
        if (event.revision === 1) throw new Error('out of paper');
        return CRATES.evolve(fields, event, documentId);
      },
    };
    const run = start({ projections: [failing] });
    await run.finished;
    expect(run.stopped()).toMatchObject([['crates', { code: 'event-not-projected', event: 'crate-a@1' }]]);
  });
}
