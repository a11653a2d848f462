import type { Document, Vault } from '@openbank/eventsourcing';
import { type PersonAnswer, personAnswer } from '../answers/person.ts';
import { integer, sealed } from '../projections/fields.ts';

/** A person's document, opened. */
export async function shownPerson({ id, fields }: Document, vault: Vault): Promise<PersonAnswer> {
  const times = {
    createdAt: Number(integer(fields, 'created_at')),
    lastModified: Number(integer(fields, 'last_modified')),
  };
  return personAnswer(id, await vault.open(sealed(fields, 'personal')), times);
}
