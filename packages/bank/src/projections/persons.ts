import type { DocumentFields, ProjectedEvent, Projection } from '@openbank/eventsourcing';
import { type PersonEvent, personAggregate } from '../domain/person.ts';
import { sealedField } from './fields.ts';

/** Every registered person. Their details stay sealed and are opened at the query. */
export const persons: Projection = {
  name: 'persons',
  version: 1,
  fields: {
    /** `PersonalDetails`, sealed. */
    personal: 'json',
    /** Microseconds since 1970, as all times here. */
    created_at: 'integer',
    /** When the details last changed. */
    last_modified: 'integer',
  },
  indexes: [],
  streamPrefix: personAggregate.streamPrefix,
  eventTypes: personAggregate.eventTypes,
  upcasters: personAggregate.upcasters,
  creates: ['PersonRegisteredDomainEventV1'],
  documentIds: ({ aggregateId }) => [aggregateId],
  evolve: evolvePersonDocument,
};

function evolvePersonDocument(
  fields: DocumentFields | undefined,
  { event, recordedAt }: ProjectedEvent<PersonEvent>,
): DocumentFields | undefined {
  switch (event.type) {
    case 'PersonRegisteredDomainEventV1': {
      const time = BigInt(recordedAt);
      return { personal: sealedField(event.personal), created_at: time, last_modified: time };
    }
    case 'PersonCorrectedDomainEventV1':
      return { ...fields, personal: sealedField(event.personal), last_modified: BigInt(recordedAt) };
    case 'PersonAccountOpenedDomainEventV1':
    case 'PersonAccountClosedDomainEventV1':
      return fields;
    default:
      return event satisfies never;
  }
}
