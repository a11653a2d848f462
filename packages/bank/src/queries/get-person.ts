import { type Handler, type ReadModelReader, streamOf, type Vault } from '@openbank/eventsourcing';
import type { PersonAnswer } from '../answers/person.ts';
import { person } from '../domain/person.ts';
import { personNotFound } from '../domain/refusal.ts';
import { persons } from '../projections/persons.ts';
import type { Found, LookupDescription } from './query-description.ts';
import { shownPerson } from './shown-person.ts';

export interface GetPerson {
  readonly type: 'GetPerson';
  readonly personId: string;
}

export const getPersonDescription: LookupDescription<GetPerson> = {
  drawsOn: [persons],
  stream: ({ personId }) => streamOf(person(personId)),
  notFound: () => personNotFound(),
};

/** Finds a person; undefined where the read model has none of this id. */
export function getPerson(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetPerson, unknown, Found<PersonAnswer> | undefined> {
  return async ({ personId }) => {
    const document = await models.get(persons, personId);
    if (document === undefined) return undefined;
    return { answer: await shownPerson(document, vault), revision: document.revision };
  };
}
