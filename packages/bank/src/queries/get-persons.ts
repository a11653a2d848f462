import type { Handler, ReadModelReader, Vault } from '@openbank/eventsourcing';
import type { PersonAnswer } from '../answers/person.ts';
import { persons } from '../projections/persons.ts';
import { pageQuery } from './page-query.ts';
import type { ListPage, Paging, QueryDescription } from './query-description.ts';
import { shownPerson } from './shown-person.ts';

export interface GetPersons extends Paging {
  readonly type: 'GetPersons';
}

export const getPersonsDescription: QueryDescription = { drawsOn: [persons] };

/** All persons in the order of their registration, which is that of their ids. */
export function getPersons(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetPersons, unknown, ListPage<PersonAnswer>> {
  return async (paging) => {
    const { documents, next } = await models.find(persons, pageQuery(paging));
    return { items: await Promise.all(documents.map((document) => shownPerson(document, vault))), next };
  };
}
