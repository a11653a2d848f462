/** The floor of the HTTP edge: Fastify as it comes, the schemas of the bank, and handlers that store nothing. */
import Fastify from 'fastify';

const text = { type: 'string' } as const;
const body = {
  type: 'object',
  required: ['account_id', 'amount'],
  properties: {
    account_id: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    amount: { type: 'string' },
    description: { type: 'string', maxLength: 500 },
  },
  additionalProperties: false,
} as const;
const transaction = {
  type: 'object',
  properties: {
    id: text,
    type: text,
    amount: text,
    currency: text,
    from_account_id: { ...text, nullable: true },
    to_account_id: text,
    description: text,
    reference: { ...text, nullable: true },
    booked_at: text,
  },
} as const;
const answer = { type: 'object', properties: { id: text, balance: text, transaction } } as const;

const params = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', pattern: '^[0-9a-f]{32}$' } },
} as const;
const account = {
  type: 'object',
  properties: {
    id: text,
    owner_id: text,
    owner: { ...text, nullable: true },
    balance: text,
    available_balance: text,
    overdraft_limit: text,
    currency: text,
    status: text,
    reference: { ...text, nullable: true },
    created_at: text,
    last_modified: text,
  },
} as const;

interface DepositBody {
  readonly account_id: string;
  readonly amount: string;
  readonly description: string;
}

const app = Fastify();
app.post<{ Body: DepositBody }>(
  '/api/v1/transactions/deposit',
  { schema: { body, response: { 200: answer } } },
  async ({ body: { account_id, amount, description } }, reply) => {
    reply.header('OpenBank-Position', '0000000000000001');
    return {
      id: account_id,
      balance: amount,
      transaction: {
        id: account_id,
        type: 'DEPOSIT',
        amount,
        currency: 'USD',
        from_account_id: null,
        to_account_id: account_id,
        description,
        reference: null,
        booked_at: '2026-01-01T00:00:00.000000Z',
      },
    };
  },
);
app.get<{ Params: { id: string } }>(
  '/api/v1/accounts/:id',
  { schema: { params, response: { 200: account } } },
  async ({ params: { id } }, reply) => {
    reply.header('ETag', '"3"');
    return {
      id,
      owner_id: id,
      owner: 'Alice Smith',
      balance: '1000.00',
      available_balance: '1500.00',
      overdraft_limit: '500.00',
      currency: 'USD',
      status: 'OPEN',
      reference: null,
      created_at: '2026-01-01T00:00:00.000000Z',
      last_modified: '2026-01-01T00:00:00.000000Z',
    };
  },
);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ address });
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
