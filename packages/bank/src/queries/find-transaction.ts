import { EventSourcingError, type Handler, type ReadModelReader } from '@openbank/eventsourcing';
import type { RecordedPlace } from '../commands/read-transaction.ts';
import { transactionNotFound } from '../domain/refusal.ts';
import { integer, textOrNull } from '../projections/fields.ts';
import { transactions } from '../projections/transactions.ts';
import type { LookupDescription } from './query-description.ts';

/** Where the log holds a transaction. */
export interface FindTransaction {
  readonly type: 'FindTransaction';
  readonly transactionId: string;
}

export const findTransactionDescription: LookupDescription<FindTransaction> = {
  drawsOn: [transactions],
  stream: () => undefined,
  notFound: () => transactionNotFound(),
};

/**
 * Finds the entry that a transaction is told by; undefined where the read model has none of this id.
 *
 * @throws EventSourcingError `read-model-behind` - the version that tells where entries are is being filled
 */
export function findTransaction(
  models: ReadModelReader,
): Handler<FindTransaction, unknown, RecordedPlace | undefined> {
  return async ({ transactionId }) => {
    const document = await models.get(transactions, transactionId);
    if (document === undefined) return undefined;
    const { fields } = document;
    const accountId = textOrNull(fields, 'entry_account_id');
    if (accountId === null) throw beingFilled();
    return { accountId, revision: Number(integer(fields, 'entry_revision')) };
  };
}

function beingFilled(): EventSourcingError {
  return new EventSourcingError(
    'read-model-behind',
    'The read model of transactions is being filled by a new version: try again when that is done.',
  );
}
