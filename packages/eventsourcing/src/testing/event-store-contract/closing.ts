import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { appendTo, commitOf, withClaims } from '../event-factory.ts';
import {
  type EventStoreHarness,
  type EventStoreSubject,
  eventsOf,
  idsOf,
  pagesOf,
  refusalOf,
} from '../event-store-harness.ts';

/** Stores of their own: what is there at the start, at the end, and after opening again. */
export function closingContract(subject: EventStoreSubject): void {
  const opened = async (): Promise<EventStoreHarness & { readonly place: string }> => {
    const harness = await subject.open();
    onTestFinished(() => harness.close());
    return { ...harness, place: `test-${randomUUID()}/` };
  };

  test.runIf(subject.startsEmpty ?? true)(
    'an empty log has no head, no pages and catches up at once',
    async () => {
      const { store } = await opened();
      expect(store.lastRecordedAt).toBe(0);
      expect(await store.head()).toBeUndefined();
      expect(await pagesOf(store.readAll())).toEqual([]);
      for await (const message of store.subscribe()) {
        expect(message).toEqual({ kind: 'caught-up' });
        break;
      }
    },
  );

  test('what is asked of a closed store is store-unavailable', async () => {
    const { store, place } = await opened();
    const commit = commitOf(appendTo(`${place}a`, 'no-stream'));
    await store.close();
    expect(await refusalOf(store.append(commit))).toMatchObject({ code: 'store-unavailable' });
    expect(await refusalOf(store.claim(`${place}key`))).toMatchObject({ code: 'store-unavailable' });
    expect(await refusalOf(store.head())).toMatchObject({ code: 'store-unavailable' });
    expect(await refusalOf(pagesOf(store.readStream(`${place}a`)))).toMatchObject({
      code: 'store-unavailable',
    });
    expect(await refusalOf(pagesOf(store.readAll({ prefixes: [place] })))).toMatchObject({
      code: 'store-unavailable',
    });
    expect(await refusalOf(pagesOf(store.subscribe()))).toMatchObject({ code: 'store-unavailable' });
  });

  test('closing twice is closing once', async () => {
    const { store } = await opened();
    await Promise.all([store.close(), store.close()]);
    await store.close();
  });

  test('closing ends a subscription that waits with store-unavailable, not with silence', async () => {
    const { store, place } = await opened();
    await store.append(commitOf(appendTo(`${place}a`, 'no-stream')));
    const subscription = store.subscribe()[Symbol.asyncIterator]();
    for (let kind = ''; kind !== 'caught-up'; ) kind = (await subscription.next()).value?.kind;
    const next = subscription.next();
    const refused = refusalOf(next);
    await store.close();
    expect(await refused).toMatchObject({ code: 'store-unavailable' });
  });

  test('closing lets appends that are under way finish, or refuses them', async () => {
    const { store, reopen, place } = await opened();
    const commits = Array.from({ length: 30 }, (_, i) => commitOf(appendTo(place + i, 'no-stream')));
    const appends = commits.map((commit) => store.append(commit).then(() => 'written', refusalCode));
    await store.close();
    const outcomes = await Promise.all(appends);
    for (const outcome of outcomes) expect(['written', 'store-unavailable', 'overloaded']).toContain(outcome);
    if (reopen === undefined) return;
    const again = await reopen();
    for (const [i, outcome] of outcomes.entries()) {
      expect(await eventsOf(again.readStream(place + i))).toHaveLength(outcome === 'written' ? 1 : 0);
    }
  });

  test('a store that is opened again has its events, claims, positions and repeats, and goes on', async () => {
    const { store, reopen, place } = await opened();
    if (reopen === undefined) return;
    const commit = withClaims(
      commitOf(appendTo(`${place}a`, 'no-stream', 3), appendTo(`${place}b`, 'no-stream', 2)),
      `${place}key`,
    );
    const first = await store.append(commit);
    const before = (await pagesOf(store.readAll({ prefixes: [place] }))).flatMap(({ events }) => events);
    await store.close();
    const again = await reopen();
    // 0 stands for "not known".
    expect([0, before.at(-1)?.recordedAt]).toContain(again.lastRecordedAt);
    expect((await pagesOf(again.readAll({ prefixes: [place] }))).flatMap(({ events }) => events)).toEqual(
      before,
    );
    expect(await again.claim(`${place}key`)).toEqual(commit.claims[0]);
    expect(await again.append(commit)).toEqual(first);
    expect(await refusalOf(again.append(commitOf(appendTo(`${place}b`, 'no-stream'))))).toMatchObject({
      actual: 1,
    });
    const next = commitOf(appendTo(`${place}a`, 2));
    expect((await again.append(next)).position > first.position).toBe(true);
    expect(idsOf(await eventsOf(again.readStream(`${place}a`, { from: 3 })))).toEqual(
      idsOf(next.streams[0]?.events ?? []),
    );
  });
}

function refusalCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}
