import { describe, expect, it } from 'vitest';
import type { DomainEvent, NewEvent } from '../event.ts';
import { appendTo, commitOf, newEvent, withClaims } from '../testing/event-factory.ts';
import { eventsOf } from '../testing/event-store-harness.ts';
import { context, newStore, repositoryOn } from '../testing/repositories.ts';
import type { Aggregate } from './aggregate.ts';
import type { AnswerEvent } from './command.ts';
import type { Upcaster } from './upcasting.ts';

type CrateWeighed = DomainEvent<'CrateWeighed', { readonly grams: string }>;

// Once it was called a weighing, and weighed in kilograms.
const UPCASTERS: readonly Upcaster[] = [
  {
    type: 'Weighing',
    schemaVersion: 1,
    upcast: (data) => ({ type: 'CrateWeighed', schemaVersion: 1, data }),
  },
  {
    type: 'CrateWeighed',
    schemaVersion: 1,
    upcast(data) {
      const { kilograms } = data as { readonly kilograms: number };
      return { type: 'CrateWeighed', schemaVersion: 2, data: { grams: String(kilograms * 1_000) } };
    },
  },
];

const CRATE: Aggregate<bigint, CrateWeighed> = {
  type: 'Crate',
  streamPrefix: 'crate-',
  eventTypes: ['CrateWeighed'],
  upcasters: UPCASTERS,
  initialState: 0n,
  evolve: (sum, event) => sum + BigInt(event.data.grams),
};

const recordedOnce = (type: string, schemaVersion: number, data: unknown): NewEvent =>
  newEvent({ type, schemaVersion, data: JSON.stringify(data), metadata: { aggregate_type: 'Crate' } });

async function historyOf(...events: readonly NewEvent[]) {
  const store = newStore();
  await store.append(
    withClaims(commitOf(appendTo('crate-a', 'no-stream', events)), 'idempotency/somebody/k'),
  );
  return store;
}

const weigh = (grams: bigint) => ({
  on: [{ aggregate: CRATE, id: 'a' }] as const,
  decide: ([sum]: readonly [bigint]): [CrateWeighed[]] => [
    [{ type: 'CrateWeighed', data: { grams: String(grams + sum) } }],
  ],
  answer: (events: readonly AnswerEvent[]) => events.map(({ event }) => event),
});

describe('a recorded history', () => {
  it('of every older form is folded as if it had been recorded today', async () => {
    const store = await historyOf(
      recordedOnce('Weighing', 1, { kilograms: 1 }),
      recordedOnce('CrateWeighed', 1, { kilograms: 2 }),
      recordedOnce('CrateWeighed', 2, { grams: '5' }),
    );
    const { answer } = await repositoryOn(store).execute(weigh(0n), context());
    expect(answer).toEqual([{ type: 'CrateWeighed', data: { grams: '3005' } }]);
  });

  it('is continued in the newest form, and what was recorded stays as it was', async () => {
    const store = await historyOf(recordedOnce('Weighing', 1, { kilograms: 1 }));
    await repositoryOn(store).execute(weigh(7n), context());
    expect(await eventsOf(store.readStream('crate-a'))).toMatchObject([
      { type: 'Weighing', schemaVersion: 1, data: '{"kilograms":1}' },
      { type: 'CrateWeighed', schemaVersion: 2, data: '{"grams":"1007"}' },
    ]);
  });

  it('gives a repeated command its first answer in the newest form', async () => {
    const store = await historyOf(recordedOnce('Weighing', 1, { kilograms: 1 }));
    const claim = await store.claim('idempotency/somebody/k');
    const repeated = repositoryOn(store).execute(
      weigh(7n),
      context({ key: 'k', hash: claim?.requestHash ?? '' }),
    );
    expect(await repeated).toMatchObject({
      replayed: true,
      answer: [{ type: 'CrateWeighed', data: { grams: '1000' } }],
    });
  });

  it.each([
    ['load', {}],
    ['first answer', { key: 'k' }],
  ])('by a newer program is an error that names it, at a %s', async (_, wanted) => {
    const store = await historyOf(recordedOnce('CrateWeighed', 3, { milligrams: '1' }));
    const hash = (await store.claim('idempotency/somebody/k'))?.requestHash ?? '';
    await expect(repositoryOn(store).execute(weigh(1n), context({ ...wanted, hash }))).rejects.toMatchObject({
      code: 'unknown-event-type',
      message: expect.stringContaining('crate-a@0 is a CrateWeighed in version 3'),
    });
  });
});
