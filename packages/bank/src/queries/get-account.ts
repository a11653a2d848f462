import { type Handler, type ReadModelReader, streamOf, type Vault } from '@openbank/eventsourcing';
import type { OwnedAccountAnswer } from '../answers/account.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { accountNotFound } from '../domain/refusal.ts';
import { accounts } from '../projections/accounts.ts';
import { text } from '../projections/fields.ts';
import { persons } from '../projections/persons.ts';
import type { AsOf } from './as-of.ts';
import { ownedAccountAnswer, ownerName } from './owned-account.ts';
import type { Found, LookupDescription } from './query-description.ts';

export interface GetAccount extends AsOf {
  readonly type: 'GetAccount';
  readonly accountId: string;
}

export const getAccountDescription: LookupDescription<GetAccount> = {
  drawsOn: [accounts, persons],
  stream: ({ accountId }) => streamOf(bankAccount(accountId)),
  notFound: () => accountNotFound(),
};

/** Finds an account and its owner's name; undefined where the read model has none of this id. */
export function getAccount(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetAccount, unknown, Found<OwnedAccountAnswer> | undefined> {
  return async ({ accountId }) => {
    const document = await models.get(accounts, accountId);
    if (document === undefined) return undefined;
    const owner = await ownerName(models, vault, text(document.fields, 'owner_id'));
    return { answer: ownedAccountAnswer(document, owner), revision: document.revision };
  };
}
