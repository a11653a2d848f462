import type { Document, Handler, ReadModelReader, Vault } from '@openbank/eventsourcing';
import { type TransactionAnswer, transactionAnswer } from '../answers/transaction.ts';
import { formatMinor } from '../domain/money.ts';
import { transactionNotFound } from '../domain/refusal.ts';
import { transactionType } from '../domain/transaction.ts';
import { integer, text, textOrNull } from '../projections/fields.ts';
import { transactions } from '../projections/transactions.ts';
import type { LookupDescription } from './query-description.ts';
import { shownDescription } from './shown-description.ts';

export interface GetTransaction {
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
    return document && answerOf(document, await shownDescription(document, vault));
  };
}

function answerOf({ id, fields }: Document, description: string | null): TransactionAnswer {
  const currency = text(fields, 'currency');
  return transactionAnswer({
    id,
    type: transactionType(text(fields, 'type')),
    amount: formatMinor(integer(fields, 'amount'), currency),
    currency,
    from_account_id: textOrNull(fields, 'from_account_id'),
    to_account_id: textOrNull(fields, 'to_account_id'),
    description,
    bookedAt: Number(integer(fields, 'booked_at')),
  });
}
