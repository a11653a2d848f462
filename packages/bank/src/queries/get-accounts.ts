import type { Document, Handler, Page, ReadModelReader, Vault } from '@openbank/eventsourcing';
import type { OwnedAccountAnswer } from '../answers/account.ts';
import type { AccountStatus } from '../domain/account-status.ts';
import { isCurrency } from '../domain/currencies.ts';
import { malformed } from '../domain/refusal.ts';
import { accounts } from '../projections/accounts.ts';
import { text } from '../projections/fields.ts';
import { persons } from '../projections/persons.ts';
import { filteredPage } from './filtered-page.ts';
import { ownedAccountAnswer, ownerName } from './owned-account.ts';
import { pageQuery } from './page-query.ts';
import type { ListPage, Paging, QueryDescription } from './query-description.ts';

/** Accounts that fit every filter that is given. */
export interface GetAccounts extends Paging {
  readonly type: 'GetAccounts';
  readonly ownerId?: string | undefined;
  readonly status?: AccountStatus | undefined;
  /** ISO 4217 */
  readonly currency?: string | undefined;
  /** The caller's own name for the account. */
  readonly reference?: string | undefined;
}

export const getAccountsDescription: QueryDescription = { drawsOn: [accounts, persons] };

/** @throws Refusal `malformed` */
export function validateGetAccounts({ currency }: GetAccounts): void {
  if (currency === undefined || isCurrency(currency)) return;
  throw malformed({ field: 'currency', message: 'must be a currency code of ISO 4217, such as USD' });
}

/** Accounts in the order of their opening, which is that of their ids. */
export function getAccounts(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetAccounts, unknown, ListPage<OwnedAccountAnswer>> {
  return async (query) => {
    const { documents, next } = await findAccounts(models, query);
    const owners = await ownersOf(models, vault, documents);
    const items = documents.map((account) =>
      ownedAccountAnswer(account, owners.get(ownerOf(account)) ?? null),
    );
    return { items, next };
  };
}

/** Few accounts have one owner or one reference: they are looked through. All other filters have an index. */
function findAccounts(models: ReadModelReader, query: GetAccounts): Promise<Page> {
  const { ownerId, currency, status, reference } = query;
  const few = { ...(ownerId && { owner_id: ownerId }), ...(reference && { reference }) };
  const [first, ...more] = Object.entries(few);
  const others = { ...(currency !== undefined && { currency }), ...(status !== undefined && { status }) };
  if (first === undefined) return models.find(accounts, { ...pageQuery(query), where: others });
  const chosen = { ...pageQuery(query), where: Object.fromEntries([first]) };
  const wanted = [...more, ...Object.entries(others)];
  if (wanted.length === 0) return models.find(accounts, chosen);
  return filteredPage(models, accounts, chosen, {
    mark: JSON.stringify(wanted),
    isWanted: ({ fields }) => wanted.every(([name, value]) => fields[name] === value),
  });
}

/** The names of the owners by their ids: each is looked up once. */
async function ownersOf(
  models: ReadModelReader,
  vault: Vault,
  documents: readonly Document[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = [...new Set(documents.map(ownerOf))];
  const names = ids.map(async (id) => [id, await ownerName(models, vault, id)] as const);
  return new Map(await Promise.all(names));
}

function ownerOf({ fields }: Document): string {
  return text(fields, 'owner_id');
}
