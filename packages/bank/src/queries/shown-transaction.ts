import type { Document, Vault } from '@openbank/eventsourcing';
import { type TransactionAnswer, transactionAnswer } from '../answers/transaction.ts';
import { formatMinor } from '../domain/money.ts';
import { transactionType } from '../domain/transaction.ts';
import { integer, metadataOrNull, text, textOrNull } from '../projections/fields.ts';
import { shownDescription } from './shown-description.ts';

/** A transaction's document, opened. */
export async function shownTransaction(document: Document, vault: Vault): Promise<TransactionAnswer> {
  const { id, fields } = document;
  const currency = text(fields, 'currency');
  return transactionAnswer({
    id,
    type: transactionType(text(fields, 'type')),
    amount: formatMinor(integer(fields, 'amount'), currency),
    currency,
    from_account_id: textOrNull(fields, 'from_account_id'),
    to_account_id: textOrNull(fields, 'to_account_id'),
    description: await shownDescription(document, vault),
    reference: textOrNull(fields, 'reference'),
    metadata: metadataOrNull(fields, 'metadata'),
    value_date: textOrNull(fields, 'value_date'),
    bookedAt: Number(integer(fields, 'booked_at')),
    period: textOrNull(fields, 'period'),
    charged_for: textOrNull(fields, 'charged_for'),
    reverses: textOrNull(fields, 'reverses'),
    reversed_by: textOrNull(fields, 'reversed_by'),
  });
}
