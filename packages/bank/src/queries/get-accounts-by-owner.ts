import {
  type Document,
  type Handler,
  type ReadModelReader,
  streamOf,
  type Vault,
} from '@openbank/eventsourcing';
import type { OwnedAccountAnswer } from '../answers/account.ts';
import { person } from '../domain/person.ts';
import { personNotFound } from '../domain/refusal.ts';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import type { AsOf } from './as-of.ts';
import { nameIn, ownedAccountAnswer } from './owned-account.ts';
import type { LookupDescription } from './query-description.ts';

export interface GetAccountsByOwner extends AsOf {
  readonly type: 'GetAccountsByOwner';
  readonly ownerId: string;
}

export const getAccountsByOwnerDescription: LookupDescription<GetAccountsByOwner> = {
  drawsOn: [accounts, persons],
  stream: ({ ownerId }) => streamOf(person(ownerId)),
  notFound: () => personNotFound(),
};

/** All accounts of a person in the order of their opening; undefined where the read model has no such person. */
export function getAccountsByOwner(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetAccountsByOwner, unknown, OwnedAccountAnswer[] | undefined> {
  return async ({ ownerId }) => {
    const owner = await models.get(persons, ownerId);
    if (owner === undefined) return undefined;
    const name = await nameIn(owner, vault);
    const owned = await accountsOf(models, ownerId);
    return owned.map((account) => ownedAccountAnswer(account, name));
  };
}

const PAGE_SIZE = 200;

/** Ids are ordered by time, so the default order is that of opening. */
async function accountsOf(models: ReadModelReader, ownerId: string): Promise<readonly Document[]> {
  const found: Document[] = [];
  let cursor: string | undefined;
  do {
    const query = { where: { owner_id: ownerId }, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
    const page = await models.find(accounts, query);
    found.push(...page.documents);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}
