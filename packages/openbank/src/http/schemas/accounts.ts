import { ACCOUNT_STATUSES, type AccountStatus, FROZEN_STATUSES, type FrozenStatus } from '@openbank/bank';
import { Type } from 'typebox';
import { closed, Id, MoneyIn, MoneyOut, Nullable, Reference, Time } from './common.ts';
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
    reference: Type.Optional(Nullable(Reference("The caller's own name for the account.", 'savings-4711'))),
  },
  closed,
);

export const FreezeIn = Type.Object(
  {
    status: Type.Optional(
      Type.Unsafe<FrozenStatus>({
        type: 'string',
        enum: [...FROZEN_STATUSES],
        description:
          '`FROZEN_DEBIT` refuses what takes money out, `FROZEN` all but unfreezing. Default: `FROZEN`.',
        examples: ['FROZEN_DEBIT'],
        'x-must': `be ${FROZEN_STATUSES.join(' or ')}`,
      }),
    ),
  },
  closed,
);

/** Of a call that says all by its address. */
export const NothingIn = Type.Object({}, closed);

export const OverdraftLimitIn = Type.Object(
  {
    overdraft_limit: MoneyIn(
      'How far the balance may go below zero: not less than what the account owes now.',
      '500.00',
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
  reference: Type.Optional(Reference('Accounts that were opened under this name alone.', 'savings-4711')),
});

const fields = {
  id: Id('Id of the account.'),
  owner_id: Id('Id of the person who owns it.'),
  balance: MoneyOut('What is in it.'),
  available_balance: MoneyOut('What may be taken out: balance and overdraft limit.', '1500.00'),
  overdraft_limit: MoneyOut('How far the balance may go below zero.', '500.00'),
  currency: Type.String({ examples: ['USD'] }),
  status: Type.String({ examples: ['OPEN'], description: '`OPEN`, `FROZEN_DEBIT`, `FROZEN` or `CLOSED`.' }),
  reference: Nullable(
    Type.String({ description: "The caller's own name for it.", examples: ['savings-4711'] }),
  ),
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

const { status, overdraft_limit, available_balance, currency, balance } = fields;
const changed_at = Time('When it was changed.');

/** What freezing, unfreezing and closing answer. */
export const StatusChangedOut = Type.Object({ id, status, changed_at }, { $id: 'AccountStatusChanged' });

export const LimitChangedOut = Type.Object(
  { id, currency, balance, overdraft_limit, available_balance, changed_at },
  { $id: 'OverdraftLimitChanged' },
);
