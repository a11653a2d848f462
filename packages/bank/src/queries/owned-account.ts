import type { Document, ReadModelReader, Vault } from '@openbank/eventsourcing';
import { accountAnswer, type OwnedAccountAnswer } from '../answers/account.ts';
import { fullName } from '../answers/person.ts';
import { accountStatus } from '../domain/account-status.ts';
import { integer, sealed, text, textOrNull } from '../projections/fields.ts';
import { persons } from '../projections/persons.ts';

/** An account's document with its owner's name. */
export function ownedAccountAnswer(document: Document, owner: string | null): OwnedAccountAnswer {
  const { fields } = document;
  const { id, owner_id, ...account } = accountAnswer(document.id, {
    ownerId: text(fields, 'owner_id'),
    currency: text(fields, 'currency'),
    balance: integer(fields, 'balance'),
    overdraftLimit: integer(fields, 'overdraft_limit'),
    status: accountStatus(text(fields, 'status')),
    reference: textOrNull(fields, 'reference'),
    createdAt: Number(integer(fields, 'created_at')),
    lastModified: Number(integer(fields, 'last_modified')),
  });
  return { id, owner_id, owner, ...account };
}

/** The owner's name: `erased` once the person is, null while the registration is not in the read model yet. */
export async function ownerName(
  models: ReadModelReader,
  vault: Vault,
  ownerId: string,
): Promise<string | null> {
  const document = await models.get(persons, ownerId);
  return document === undefined ? null : nameIn(document, vault);
}

/** The name of a person's document: `erased` once the person is. */
export async function nameIn({ fields }: Document, vault: Vault): Promise<string> {
  return fullName(await vault.open(sealed(fields, 'personal')));
}
