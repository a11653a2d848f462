import { ACCOUNT_STATUSES, type AccountStatus } from '@openbank/bank';
import { Type } from 'typebox';
import { closed, Id, MoneyIn, MoneyOut, Nullable, Time } from './common.ts';
import { ListQuery } from './lists.ts';

const Currency = (description: string) =>
  Type.String({
    pattern: '^[A-Z]{3}$',
    description,
    examples: ['USD'],
    'x-must': 'be a currency code of three capitals, such as USD',
  });

export const AccountIn = Type.Object(
  {
    owner_id: Id('Id of the person who owns the account.'),
    overdraft_limit: Type.Optional(
      MoneyIn('How far the balance may go below zero. Default: not at all.', '500.00'),
    ),
    currency: Type.Optional(
      Currency('Currency of the account, ISO 4217, for as long as it exists. Default: that of the bank.'),
    ),
  },
  closed,
);

export const AccountsQuery = ListQuery({
  owner_id: Type.Optional(Id('Accounts of this person alone.')),
  status: Type.Optional(
    Type.Unsafe<AccountStatus>({
      type: 'string',
      enum: [...ACCOUNT_STATUSES],
      description: 'Accounts of this status alone.',
      examples: ['OPEN'],
      'x-must': `be one of ${ACCOUNT_STATUSES.join(', ')}`,
    }),
  ),
  currency: Type.Optional(Currency('Accounts of this currency alone, ISO 4217.')),
});

const fields = {
  id: Id('Id of the account.'),
  owner_id: Id('Id of the person who owns it.'),
  balance: MoneyOut('What is in it.'),
  available_balance: MoneyOut('What may be taken out: balance and overdraft limit.', '1500.00'),
  overdraft_limit: MoneyOut('How far the balance may go below zero.', '500.00'),
  currency: Type.String({ examples: ['USD'] }),
  status: Type.String({ examples: ['OPEN'], description: '`OPEN`, `FROZEN_DEBIT`, `FROZEN` or `CLOSED`.' }),
  reference: Nullable(Type.String({ description: "The caller's own name for it." })),
  created_at: Time('When the account was opened.'),
  last_modified: Time('When it last changed.'),
};

/** As a write answers it: without the owner's name, which is no part of what was written. */
export const AccountOpened = Type.Object(fields, { $id: 'AccountOpened' });

const { id, owner_id, ...others } = fields;

export const AccountOut = Type.Object(
  {
    id,
    owner_id,
    owner: Nullable(
      Type.String({
        description:
          "The owner's name; `erased` after erasure, null while it is not known to the read model yet.",
        examples: ['Alice Smith'],
      }),
    ),
    ...others,
  },
  { $id: 'Account' },
);
