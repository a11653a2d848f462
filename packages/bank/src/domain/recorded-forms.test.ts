import { type Aggregate, type DomainEvent, decoderOf } from '@openbank/eventsourcing';
import { describe, expect, it, test } from 'vitest';
import history from '../projections/golden/history.json' with { type: 'json' };
import { bankAccountAggregate } from './bank-account.ts';
import { personAggregate } from './person.ts';
import { TRANSACTION_TYPES } from './transaction.ts';

type AnyAggregate = Aggregate<unknown, DomainEvent>;

const FORMS = history.map((event) => ({ ...event, schemaVersion: schemaVersionOf(event) }));

/** A form that is not in the history is not tested to be read for ever. */
describe.each<AnyAggregate>([personAggregate, bankAccountAggregate])(
  'the golden history of a $type',
  (aggregate) => {
    const decoder = decoderOf(aggregate);
    const older = (aggregate.upcasters ?? []).map(
      ({ type, schemaVersion }) => [type, schemaVersion] as const,
    );
    const newest = aggregate.eventTypes.map((type) => [type, decoder.currentVersion(type)] as const);

    it.each([...older, ...newest])('holds a %s in version %i', (type, schemaVersion) => {
      const found = FORMS.filter((event) => event.type === type && event.schemaVersion === schemaVersion);
      expect(found.length, 'Add such an event to golden/history.json.').toBeGreaterThan(0);
    });

    it('is read to the end', () => {
      for (const { data, ...event } of FORMS.filter(({ stream }) =>
        stream.startsWith(aggregate.streamPrefix),
      )) {
        const recorded = { ...event, data: JSON.stringify(data), metadata: {}, link: '' };
        expect(aggregate.eventTypes).toContain(decoder.read(recorded).type);
      }
    });
  },
);

test.each(TRANSACTION_TYPES)('the golden history holds a %s', (type) => {
  const types = history.map(({ data }) => ('transaction' in data ? data.transaction?.type : undefined));
  expect(types, 'Add such an event to golden/history.json.').toContain(type);
});

/** Events of the first version do not say so. */
function schemaVersionOf(event: object): number {
  return 'schemaVersion' in event ? Number(event.schemaVersion) : 1;
}
