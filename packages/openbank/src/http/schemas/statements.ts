import { TRANSACTION_TYPES, type TransactionType } from '@openbank/bank';
import { Type } from 'typebox';
import { Id, MoneyOut, Nullable, Reference, Time } from './common.ts';
import { NowOrThenQuery } from './headers.ts';
import { ListQuery } from './lists.ts';
import { MetadataOut, ValueDateOut } from './transactions.ts';

const bound = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][^ ]*)?$',
    maxLength: 40,
    description: `${description} A day, which is its start in UTC, or a time of RFC 3339 (in an address, + is %2B).`,
    examples: ['2025-11-01', '2025-11-24T21:55:10.123456Z'],
    'x-must': 'be a day, YYYY-MM-DD, or a time of RFC 3339 (in an address, + is %2B)',
  });

const amount = (description: string, example: string) =>
  Type.String({
    pattern: '^[0-9]+(\\.[0-9]+)?$',
    description: `${description} Without a sign: money in and money out alike, with no more digits than the currency has.`,
    examples: [example],
    'x-must': `be an amount without sign or exponent, such as "${example}"`,
  });

export const StatementQuery = ListQuery({
  ...NowOrThenQuery.properties,
  from: Type.Optional(bound('Booked at or after this time.')),
  to: Type.Optional(bound('Booked before this time.')),
  type: Type.Optional(
    Type.Unsafe<TransactionType>({
      type: 'string',
      enum: [...TRANSACTION_TYPES],
      description: 'Transactions of this type alone.',
      examples: ['TRANSFER'],
      'x-must': `be one of ${TRANSACTION_TYPES.join(', ')}`,
    }),
  ),
  min_amount: Type.Optional(amount('At least so much was moved.', '10.00')),
  max_amount: Type.Optional(amount('At most so much was moved.', '1000.00')),
  reference: Type.Optional(Reference("The caller's own name for the transaction.", 'invoice-4711')),
  order: Type.Optional(
    Type.Unsafe<'asc' | 'desc'>({
      type: 'string',
      enum: ['desc', 'asc'],
      default: 'desc',
      description: '`desc`: the newest first; `asc`: the oldest first.',
      examples: ['desc'],
      'x-must': 'be desc or asc',
    }),
  ),
});

export const StatementLineOut = Type.Object(
  {
    transaction_id: Id('Id of the transaction.'),
    type: Type.String({
      description: '`DEPOSIT`, `WITHDRAWAL`, `TRANSFER`, `INTEREST`, `FEE` or `REVERSAL`.',
      examples: ['DEPOSIT'],
    }),
    amount: MoneyOut('What it adds to the balance: below zero where money leaves the account.', '-25.00'),
    currency: Type.String({ examples: ['USD'] }),
    balance: MoneyOut('Balance of the account after it: the balance of the line before it and its amount.'),
    counterparty_account_id: Nullable(
      Type.String({
        description: 'The other account of a transfer; else null.',
        examples: ['0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
      }),
    ),
    description: Nullable(
      Type.String({
        description: "Free text; `erased` after the erasure of the account's owner.",
        examples: ['Rent'],
      }),
    ),
    reference: Nullable(
      Type.String({ description: "The caller's own name for the transaction.", examples: ['invoice-4711'] }),
    ),
    metadata: MetadataOut(),
    value_date: ValueDateOut(),
    reverses: Nullable(
      Type.String({ description: 'Of a reversal, what it takes back; else null.', examples: [null] }),
    ),
    booked_at: Time('When it was booked.'),
  },
  { $id: 'StatementLine' },
);
