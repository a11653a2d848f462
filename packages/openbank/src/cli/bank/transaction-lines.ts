import type { Schemas } from '@openbank/client';
import { detailLines } from './table.ts';

export const TRANSACTION_TYPES = [
  'DEPOSIT',
  'WITHDRAWAL',
  'TRANSFER',
  'INTEREST',
  'FEE',
  'REVERSAL',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** A transaction for people. */
export function transactionLines(transaction: Schemas['Transaction']): readonly string[] {
  const { amount, currency, metadata } = transaction;
  return detailLines({
    transaction: transaction.id,
    type: transaction.type,
    amount: `${amount} ${currency}`,
    from: transaction.from_account_id,
    to: transaction.to_account_id,
    description: transaction.description,
    reference: transaction.reference,
    metadata: metadata === null ? null : describe(metadata),
    period: transaction.period,
    'charged for': transaction.charged_for,
    reverses: transaction.reverses,
    'reversed by': transaction.reversed_by,
    'value date': transaction.value_date,
    booked: transaction.booked_at,
  });
}

/** The answer to what moves money, for people. */
export function bookedLines({
  id,
  balance,
  transaction,
  fee,
}: Schemas['Booked'] & Partial<Pick<Schemas['Transferred'], 'fee'>>): readonly string[] {
  const { currency } = transaction;
  return [
    ...transactionLines(transaction),
    ...detailLines({
      fee: fee === null || fee === undefined ? null : `${fee.amount} ${currency} (${fee.id})`,
      account: id,
      balance: `${balance} ${currency}`,
    }),
  ];
}

function describe(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
