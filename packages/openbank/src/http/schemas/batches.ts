import { type Static, type TObject, Type } from 'typebox';
import { closed } from './common.ts';
import { ProblemSchema } from './problem.ts';
import {
  DepositToAccountIn,
  FeeIn,
  InterestIn,
  TransferIn,
  TransferredOut,
  WithdrawalFromAccountIn,
} from './transactions.ts';

/** Items of a batch. */
const MAX_BATCH_ITEMS = 1_000;

const own = {
  idempotency_key: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'Of this item alone, in a batch of independent items. Without it, an item of a call that has a key gets `{key}/{index}`.',
      examples: ['2f1d7c9e-invoice-4711'],
      'x-must': 'be 1 to 255 visible ASCII characters without blanks',
    }),
  ),
};

const item = (type: BatchItemBody['type'], { properties }: TObject) =>
  Type.Object({ type: Type.Literal(type, { examples: [type] }), ...properties, ...own }, closed);

/** What an item says, besides the body of the call that its type names. */
interface Named<Kind extends string> {
  readonly type: Kind;
  readonly idempotency_key?: string;
}

export type BatchItemBody =
  | (Named<'deposit'> & Static<typeof DepositToAccountIn>)
  | (Named<'withdrawal'> & Static<typeof WithdrawalFromAccountIn>)
  | (Named<'transfer'> & Static<typeof TransferIn>)
  | (Named<'interest'> & Static<typeof InterestIn>)
  | (Named<'fee'> & Static<typeof FeeIn>);

// Judged by the one schema that its type names: a choice of five would say five times what is wrong.
const BatchItemIn = Type.Unsafe<BatchItemBody>({
  type: 'object',
  description: 'A transaction: `type`, and the body of the call of that name.',
  discriminator: { propertyName: 'type' },
  required: ['type'],
  oneOf: [
    item('deposit', DepositToAccountIn),
    item('withdrawal', WithdrawalFromAccountIn),
    item('transfer', TransferIn),
    item('interest', InterestIn),
    item('fee', FeeIn),
  ],
  'x-must': 'have a `type`: deposit, withdrawal, transfer, interest or fee',
});

const [one, other] = ['0199f1c64b7d7c3a9f0e2d5b8a6c4e10', '0199f1c64b8e7d4fa1b2c3d4e5f60718'];

const EXAMPLES = [
  {
    mode: 'atomic',
    items: [
      { type: 'deposit', account_id: one, amount: '1000.00', description: 'Salary' },
      { type: 'transfer', from_account_id: one, to_account_id: other, amount: '25.00', fee: '1.50' },
      { type: 'withdrawal', account_id: one, amount: '20.00', system_account: 'cash' },
    ],
  },
  {
    mode: 'independent',
    items: [
      { type: 'interest', account_id: one, amount: '0.75', period: '2025-11', idempotency_key: 'interest-1' },
      { type: 'fee', account_id: other, amount: '2.00', reference: 'invoice-4711' },
    ],
  },
];

export const BatchIn = Type.Object(
  {
    mode: Type.Unsafe<'atomic' | 'independent'>({
      type: 'string',
      enum: ['atomic', 'independent'],
      description:
        '`atomic`: all are recorded, in one commit, or none. `independent`: each is recorded or refused by itself.',
      examples: ['atomic'],
      'x-must': 'be atomic or independent',
    }),
    items: Type.Array(BatchItemIn, {
      minItems: 1,
      maxItems: MAX_BATCH_ITEMS,
      description: 'Each is decided on what those before it leave.',
      'x-must': `be a list of 1 to ${MAX_BATCH_ITEMS} items`,
    }),
  },
  { ...closed, examples: EXAMPLES },
);

export interface BatchBody {
  readonly mode: 'atomic' | 'independent';
  readonly items: readonly BatchItemBody[];
}

const { type: _type, title: _title, ...problem } = ProblemSchema.properties;

/** What was booked, or the problem, is there, as `status` says. */
export const BatchOut = Type.Object(
  {
    mode: Type.String({ examples: ['atomic'] }),
    items: Type.Array(
      Type.Object({
        index: Type.Integer({ description: 'Place in the request, from 0.', examples: [0] }),
        status: Type.String({
          description:
            '`done`, `refused`, or `unknown`: nobody knows whether it was recorded. Repeat the call with the same key to find out.',
          examples: ['done'],
        }),
        replayed: Type.Optional(
          Type.Boolean({
            description:
              'Of independent items: whether it was done by an earlier call with the same key, so that this is the first answer again. An item that was refused is decided again.',
            examples: [false],
          }),
        ),
        id: Type.Optional(TransferredOut.properties.id),
        balance: Type.Optional(TransferredOut.properties.balance),
        transaction: Type.Optional(TransferredOut.properties.transaction),
        fee: Type.Optional(TransferredOut.properties.fee),
        problem: Type.Optional(
          Type.Object(problem, { description: 'Why it is not done, as the call by itself would say.' }),
        ),
      }),
    ),
  },
  { $id: 'Batch' },
);
