import {
  MAX_DESCRIPTION_LENGTH,
  MAX_METADATA_MEMBERS,
  MAX_METADATA_NAME_LENGTH,
  MAX_METADATA_VALUE_LENGTH,
} from '@openbank/bank';
import { type Static, Type } from 'typebox';
import { closed, Day, Id, MoneyIn, MoneyOut, Nullable, Reference, Time } from './common.ts';

const amount = MoneyIn("More than zero, with no more digits than the account's currency has.", '1000.00');

/** What a caller may say of every transaction. */
const remarks = {
  description: Type.Optional(
    Nullable(
      Type.String({
        maxLength: MAX_DESCRIPTION_LENGTH,
        description: "Free text; kept as personal data of each account's owner.",
        examples: ['Initial deposit'],
        'x-must': `be text of at most ${MAX_DESCRIPTION_LENGTH} characters`,
      }),
    ),
  ),
  reference: Type.Optional(Nullable(Reference("The caller's own name for the transaction.", 'invoice-4711'))),
  metadata: Type.Optional(
    Type.Unsafe<Readonly<Record<string, string>> | null>({
      type: ['object', 'null'],
      maxProperties: MAX_METADATA_MEMBERS,
      propertyNames: { minLength: 1, maxLength: MAX_METADATA_NAME_LENGTH },
      additionalProperties: { type: 'string', maxLength: MAX_METADATA_VALUE_LENGTH },
      description: "The caller's own, for reconciliation. It is kept in the clear: no personal data.",
      examples: [{ order: '4711', shop: 'north' }],
      'x-must': `be an object of at most ${MAX_METADATA_MEMBERS} texts of at most ${MAX_METADATA_VALUE_LENGTH} characters, with names of at most ${MAX_METADATA_NAME_LENGTH}`,
    }),
  ),
  value_date: Type.Optional(
    Nullable(Day('The day from which it counts; by default the day on which it is booked, in UTC.')),
  ),
};

export const RemarksIn = Type.Object(remarks, closed);
export type Remarks = Static<typeof RemarksIn>;

const systemAccount = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9-]{0,30}$',
      description,
      examples: ['cash'],
      'x-must': 'be a name of 1 to 31 lower case letters, digits and dashes',
    }),
  );

const movement = { amount, ...remarks };
const deposit = {
  ...movement,
  system_account: systemAccount('The account of the bank that the money comes from. Default: `cash`.'),
};
const withdrawal = {
  ...movement,
  system_account: systemAccount('The account of the bank that the money goes to. Default: `cash`.'),
};
const onAccount = { account_id: Id('Id of the account.') };

export const DepositIn = Type.Object(deposit, closed);
export type DepositBody = Static<typeof DepositIn>;
export const DepositToAccountIn = Type.Object({ ...onAccount, ...deposit }, closed);

export const WithdrawalIn = Type.Object(withdrawal, closed);
export const WithdrawalFromAccountIn = Type.Object({ ...onAccount, ...withdrawal }, closed);

export const FeeIn = Type.Object({ ...onAccount, ...movement }, closed);
export type FeeBody = Static<typeof FeeIn>;

export const InterestIn = Type.Object(
  {
    ...onAccount,
    ...movement,
    period: Type.String({
      maxLength: 10,
      pattern: '^[0-9]{4}(-(Q[1-4]|[0-9]{2}(-[0-9]{2})?))?$',
      description:
        'What it is paid for: a year, a quarter, a month or a day. Interest is paid to an account once for each.',
      examples: ['2025-11', '2025-Q4', '2025'],
      'x-must': 'be a year, quarter, month or day, such as 2025, 2025-Q4, 2025-11 or 2025-11-30',
    }),
  },
  closed,
);
export type InterestBody = Static<typeof InterestIn>;

export const TransferIn = Type.Object(
  {
    from_account_id: Id('Id of the account that pays.'),
    to_account_id: Id('Id of the account that receives the money.'),
    ...movement,
    fee: Type.Optional(
      MoneyIn(
        'What the paying account pays to the bank besides: a transaction of its own, booked with it.',
        '1.50',
      ),
    ),
  },
  closed,
);
export type TransferBody = Static<typeof TransferIn>;

const nullableId = (description: string, ...examples: readonly (string | null)[]) =>
  Nullable(Type.String({ description, examples: [...examples] }));

const transactionFields = {
  id: Id('Id of the transaction.'),
  type: Type.String({
    description: '`DEPOSIT`, `WITHDRAWAL`, `TRANSFER`, `INTEREST`, `FEE` or `REVERSAL`.',
    examples: ['DEPOSIT'],
  }),
  amount: MoneyOut('What was moved.'),
  currency: Type.String({ examples: ['USD'] }),
  from_account_id: nullableId('Null where the money comes from outside.', null),
  to_account_id: nullableId('Null where the money goes outside.', '0199f1c64b7d7c3a9f0e2d5b8a6c4e10'),
  description: Nullable(Type.String({ examples: ['Initial deposit'] })),
  reference: Nullable(
    Type.String({ description: "The caller's own name for it.", examples: ['invoice-4711'] }),
  ),
  metadata: MetadataOut(),
  value_date: ValueDateOut(),
  booked_at: Time('When it was booked.'),
  period: Nullable(Type.String({ description: 'What interest was paid for; else null.', examples: [null] })),
  charged_for: nullableId('Of a fee, the transfer that it was charged with; else null.', null),
  reverses: nullableId('Of a reversal, the transaction that it takes back; else null.', null),
  reversed_by: nullableId('The transaction that has taken this one back; null while there is none.', null),
};

export function MetadataOut() {
  return Type.Unsafe<Readonly<Record<string, string>> | null>({
    type: ['object', 'null'],
    additionalProperties: { type: 'string' },
    description: "The caller's own.",
    examples: [{ order: '4711', shop: 'north' }],
  });
}

export function ValueDateOut() {
  return Type.String({
    format: 'date',
    description: 'The day from which it counts.',
    examples: ['2025-11-24'],
  });
}

export const TransactionOut = Type.Object(transactionFields, { $id: 'Transaction' });

const bookedFields = {
  id: Id('Id of the account; of a transfer, of the one that pays.'),
  balance: MoneyOut('Balance of this account after the transaction, and after its fee.'),
  transaction: Type.Object(transactionFields),
};

export const BookedOut = Type.Object(bookedFields, { $id: 'Booked' });

const fee = Type.Unsafe<Static<typeof TransactionOut> | null>({
  ...Type.Object(transactionFields),
  type: ['object', 'null'],
  description: 'The fee that was charged with it; null where there was none.',
});

export const TransferredOut = Type.Object({ ...bookedFields, fee }, { $id: 'Transferred' });
