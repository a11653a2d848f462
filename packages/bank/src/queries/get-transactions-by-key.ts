import {
  type CommandContext,
  decoderOf,
  type EventStore,
  type Handler,
  type ReadModelReader,
  type RecordedEvent,
  type StreamRange,
  type Vault,
} from '@openbank/eventsourcing';
import { type TransactionAnswer, transactionOf } from '../answers/transaction.ts';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { isLeadingEntry, isTransactionRecorded } from '../domain/transaction.ts';
import { textOrNull } from '../projections/fields.ts';
import { transactions } from '../projections/transactions.ts';
import type { QueryDescription } from './query-description.ts';

/** What was recorded by the call that the caller had named by the idempotency key of the query's context. */
export interface GetTransactionsByKey {
  readonly type: 'GetTransactionsByKey';
}

export const getTransactionsByKeyDescription: QueryDescription = { drawsOn: [transactions] };

/**
 * Finds the transactions of a call in the log itself, so that none means that nothing was recorded under the key so far.
 * Only whether they were reversed since is told by the read model.
 */
export function getTransactionsByKey(
  log: Pick<EventStore, 'claim' | 'readStream'>,
  models: ReadModelReader,
  vault: Vault,
): Handler<GetTransactionsByKey, CommandContext, readonly TransactionAnswer[]> {
  return async (_query, { idempotency }) => {
    const claim = idempotency && (await log.claim(idempotency.claim));
    const found: TransactionAnswer[] = [];
    for (const range of claim?.events ?? []) {
      for await (const page of readRange(log, range))
        for (const recorded of page) found.push(...(await toldBy(recorded)));
    }
    return found;
  };

  async function toldBy(recorded: RecordedEvent): Promise<readonly TransactionAnswer[]> {
    const { stream, recordedAt } = recorded;
    if (!stream.startsWith(bankAccountAggregate.streamPrefix)) return [];
    const { personal, ...event } = decoderOf(bankAccountAggregate).read(recorded);
    if (!isTransactionRecorded(event) || !isLeadingEntry(event)) return [];
    const plain = personal && { subject: personal.subject, plain: await vault.open(personal) };
    const opened = plain === undefined ? event : { ...event, personal: plain };
    const document = await models.get(transactions, event.data.transaction.id);
    const reversed_by = document === undefined ? null : textOrNull(document.fields, 'reversed_by');
    return [{ ...transactionOf({ event: opened, stream, recordedAt }), reversed_by }];
  }
}

function readRange(log: Pick<EventStore, 'readStream'>, { stream, first, last }: StreamRange) {
  return log.readStream(stream, { from: first, limit: last - first + 1 });
}
