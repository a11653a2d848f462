import type { Handler, ReadModelReader, Vault } from '@openbank/eventsourcing';
import type { TransactionAnswer } from '../answers/transaction.ts';
import { transactionNotFound } from '../domain/refusal.ts';
import { transactions } from '../projections/transactions.ts';
import type { AsOf } from './as-of.ts';
import type { LookupDescription } from './query-description.ts';
import { shownTransaction } from './shown-transaction.ts';

export interface GetTransaction extends AsOf {
  readonly type: 'GetTransaction';
  readonly transactionId: string;
}

/** A transaction has no stream of its own. */
export const getTransactionDescription: LookupDescription<GetTransaction> = {
  drawsOn: [transactions],
  stream: () => undefined,
  notFound: () => transactionNotFound(),
};

/** Finds a transaction; undefined where the read model has none of this id. */
export function getTransaction(
  models: ReadModelReader,
  vault: Vault,
): Handler<GetTransaction, unknown, TransactionAnswer | undefined> {
  return async ({ transactionId }) => {
    const document = await models.get(transactions, transactionId);
    return document && shownTransaction(document, vault);
  };
}
