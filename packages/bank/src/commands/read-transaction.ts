import { decoderOf, type EventReader, streamOf } from '@openbank/eventsourcing';
import { bankAccount, bankAccountAggregate } from '../domain/bank-account.ts';
import type { RecordedTransaction } from '../domain/reversal.ts';
import { isLeadingEntry, isTransactionRecorded } from '../domain/transaction.ts';

/** Where the log holds the entry that a transaction is told by. */
export interface RecordedPlace {
  readonly accountId: string;
  readonly revision: number;
}

/**
 * A transaction as the log tells it. A read model may say where it is: what it is, only the log does.
 *
 * @throws Error - it is not there: the read model that said so is wrong
 */
export async function readTransaction(
  log: EventReader,
  id: string,
  { accountId, revision }: RecordedPlace,
): Promise<RecordedTransaction> {
  const stream = streamOf(bankAccount(accountId));
  for await (const page of log.readStream(stream, { from: revision, limit: 1 })) {
    for (const recorded of page) {
      const event = decoderOf(bankAccountAggregate).read(recorded);
      if (!isTransactionRecorded(event) || !isLeadingEntry(event)) continue;
      const { transaction, currency, postings } = event.data;
      if (transaction.id === id) return { transaction, currency, against: postings[1].account };
    }
  }
  throw new Error(`A read model has transaction ${id} at ${stream}@${revision}, where the log has it not.`);
}
