import { MAX_DESCRIPTION_LENGTH } from '@openbank/bank';
import { type Static, Type } from 'typebox';
import { closed, Id, MoneyIn, MoneyOut, Nullable, Time } from './common.ts';

const amount = MoneyIn("More than zero, with no more digits than the account's currency has.", '1000.00');
const description = Type.Optional(
  Nullable(
    Type.String({
      maxLength: MAX_DESCRIPTION_LENGTH,
      description: "Free text; kept as personal data of each account's owner.",
      examples: ['Initial deposit'],
      'x-must': `be text of at most ${MAX_DESCRIPTION_LENGTH} characters`,
    }),
  ),
);

/** What is said of money that moves on the account in the path. */
export const MovementIn = Type.Object({ amount, description }, closed);

export type MovementBody = Static<typeof MovementIn>;

export const DepositToAccountIn = Type.Object(
  { account_id: Id('Id of the account that receives the money.'), amount, description },
  closed,
);

export const WithdrawalFromAccountIn = Type.Object(
  { account_id: Id('Id of the account that pays the money out.'), amount, description },
  closed,
);

export const TransferIn = Type.Object(
  {
    from_account_id: Id('Id of the account that pays.'),
    to_account_id: Id('Id of the account that receives the money.'),
    amount,
    description,
  },
  closed,
);

const transactionFields = {
  id: Id('Id of the transaction.'),
  type: Type.String({ description: '`DEPOSIT`, `WITHDRAWAL` or `TRANSFER`.', examples: ['DEPOSIT'] }),
  amount: MoneyOut('What was moved.'),
  currency: Type.String({ examples: ['USD'] }),
  from_account_id: Nullable(Type.String({ description: 'Null where the money comes from outside.' })),
  to_account_id: Nullable(
    Type.String({
      description: 'Null where the money goes outside.',
      examples: ['0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
    }),
  ),
  description: Nullable(Type.String({ examples: ['Initial deposit'] })),
  reference: Nullable(Type.String({ description: "The caller's own name for it." })),
  booked_at: Time('When it was booked.'),
};

export const TransactionOut = Type.Object(transactionFields, { $id: 'Transaction' });

export const BookedOut = Type.Object(
  {
    id: Id('Id of the account; of a transfer, of the one that pays.'),
    balance: MoneyOut('Balance of this account after the transaction.'),
    transaction: Type.Object(transactionFields),
  },
  { $id: 'Booked' },
);
