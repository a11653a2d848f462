import {
  type Aggregate,
  type DomainEvent,
  decodeEvent,
  type Projection,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { personAggregate } from '../domain/person.ts';
import { createTestBank } from '../testing/test-bank.ts';
import { projections } from './all.ts';

type AnyAggregate = Aggregate<unknown, DomainEvent>;

/** What longer numbers may take. A list of what has happened takes more, and a store bounds what a document holds. */
const ROOM = 100;
const [few, many] = await Promise.all([history(2), history(100)]);

test.each(projections)('no document of $name grows with the length of its history', (projection) => {
  expect(largestDocument(projection, many)).toBeLessThan(largestDocument(projection, few) + ROOM);
});

test.each<AnyAggregate>([personAggregate, bankAccountAggregate])(
  'no state of a $type grows with the length of its stream',
  (aggregate) => {
    expect(largestState(aggregate, many)).toBeLessThan(largestState(aggregate, few) + ROOM);
  },
);

/** Two accounts of one person, then more of hers, and so many deposits, withdrawals and transfers. */
async function history(rounds: number): Promise<readonly RecordedEvent[]> {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: toAccountId } = (await bank.open({ ownerId })).answer;
  for (let round = 0; round < rounds; round++) await bank.open({ ownerId });
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  for (let round = 0; round < rounds; round++) {
    await bank.deposit({ accountId, amount: '2.00' });
    await bank.withdraw({ accountId, amount: '1.00' });
    await bank.transfer({ fromAccountId: accountId, toAccountId, amount: '1.00' });
  }
  return bank.recorded();
}

function largestDocument(projection: Projection, events: readonly RecordedEvent[]): number {
  const documents = new Map<string, ReturnType<Projection['evolve']>>();
  for (const recorded of streamsOf(projection, events)) {
    const aggregateId = recorded.stream.slice(projection.streamPrefix.length);
    const event = { ...recorded, event: decodeEvent(recorded), aggregateId };
    for (const id of projection.documentIds(event))
      documents.set(id, projection.evolve(documents.get(id), event, id));
  }
  return largest([...documents.values()].map((fields) => JSON.stringify(fields, withIntegers)));
}

function largestState(aggregate: AnyAggregate, events: readonly RecordedEvent[]): number {
  const states = new Map<string, unknown>();
  for (const recorded of streamsOf(aggregate, events)) {
    const before = states.get(recorded.stream) ?? aggregate.initialState;
    states.set(recorded.stream, aggregate.evolve(before, decodeEvent(recorded)));
  }
  return largest([...states.values()].map((state) => aggregate.snapshots?.encode(state) ?? ''));
}

const streamsOf = ({ streamPrefix }: Projection | AnyAggregate, events: readonly RecordedEvent[]) =>
  events.filter(({ stream }) => stream.startsWith(streamPrefix));

function largest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

function withIntegers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
