import {
  type Document,
  type Handler,
  type Page,
  type Query,
  type ReadModelReader,
  streamOf,
  type Vault,
} from '@openbank/eventsourcing';
import type { StatementLineAnswer } from '../answers/statement-line.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { formatMinor } from '../domain/money.ts';
import { accountNotFound } from '../domain/refusal.ts';
import { dayOf, rfc3339 } from '../domain/time.ts';
import { transactionType } from '../domain/transaction.ts';
import { accounts } from '../projections/accounts.ts';
import { integer, metadataOrNull, text, textOrNull } from '../projections/fields.ts';
import { statementLines } from '../projections/statement-lines.ts';
import type { AsOf } from './as-of.ts';
import { filteredPage, type LookedThrough } from './filtered-page.ts';
import { pageQuery } from './page-query.ts';
import type { ListPage, LookupDescription, Paging } from './query-description.ts';
import { shownDescription } from './shown-description.ts';
import { lineFilter, type StatementFilters, timeRange } from './statement-filters.ts';

/** The statement of an account, or those of its lines that fit every filter that is given. */
export interface GetAccountTransactions extends AsOf, Paging, StatementFilters {
  readonly type: 'GetAccountTransactions';
  readonly accountId: string;
  /** `desc`: the newest first. */
  readonly order: 'asc' | 'desc';
}

export const getAccountTransactionsDescription: LookupDescription<GetAccountTransactions> = {
  drawsOn: [accounts, statementLines],
  stream: ({ accountId }) => streamOf(bankAccount(accountId)),
  notFound: () => accountNotFound(),
};

/**
 * A page of an account's statement; undefined where the read model has no such account. By time it goes along an index;
 * for a filter by type, amount or reference it looks at one line after the other, so that a page may be short, or empty, although
 * there is a next one.
 */
export function getAccountTransactions(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetAccountTransactions, unknown, ListPage<StatementLineAnswer> | undefined> {
  return async (query) => {
    const account = await models.get(accounts, query.accountId);
    if (account === undefined) return undefined;
    const filter = lineFilter(query, text(account.fields, 'currency'));
    const { documents, next } = await findLines(models, query, filter);
    return { items: await Promise.all(documents.map((line) => lineAnswer(line, vault))), next };
  };
}

function findLines(
  models: ReadModelReader,
  query: GetAccountTransactions,
  filter: LookedThrough | undefined,
): Promise<Page> {
  const direction = query.order === 'asc' ? 'ascending' : 'descending';
  const lines: Query = {
    ...pageQuery(query),
    where: { account_id: query.accountId },
    orderBy: { field: 'booked_at', direction },
    range: timeRange(query),
  };
  return filter === undefined
    ? models.find(statementLines, lines)
    : filteredPage(models, statementLines, lines, filter);
}

async function lineAnswer(line: Document, vault: Vault): Promise<StatementLineAnswer> {
  const { fields } = line;
  const currency = text(fields, 'currency');
  const bookedAt = Number(integer(fields, 'booked_at'));
  return {
    transaction_id: text(fields, 'transaction_id'),
    type: transactionType(text(fields, 'type')),
    amount: formatMinor(integer(fields, 'amount'), currency),
    currency,
    balance: formatMinor(integer(fields, 'balance'), currency),
    counterparty_account_id: textOrNull(fields, 'counterparty_account_id'),
    description: await shownDescription(line, vault),
    reference: textOrNull(fields, 'reference'),
    metadata: metadataOrNull(fields, 'metadata'),
    value_date: textOrNull(fields, 'value_date') ?? dayOf(bookedAt),
    reverses: textOrNull(fields, 'reverses'),
    booked_at: rfc3339(bookedAt),
  };
}
