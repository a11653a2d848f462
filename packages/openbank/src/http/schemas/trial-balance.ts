import { Type } from 'typebox';
import { MoneyOut, Nullable } from './common.ts';

export const TrialBalanceOut = Type.Object(
  {
    position: Nullable(
      Type.String({
        description: 'Of the last transaction that is in it; null while there is none.',
        examples: ['0000000000000042'],
      }),
    ),
    currencies: Type.Array(
      Type.Object({
        currency: Type.String({ examples: ['USD'] }),
        accounts: Type.Array(
          Type.Object({
            account: Type.String({
              description:
                '`customers`, what all accounts hold together, or the name of a system account: `cash`, what came in from outside, or `transfers`.',
              examples: ['customers'],
            }),
            balance: MoneyOut('What is in it.'),
          }),
        ),
        total: MoneyOut('Of these balances: zero, at every position.', '0.00'),
      }),
    ),
  },
  { $id: 'TrialBalance' },
);
