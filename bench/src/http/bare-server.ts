/** The floor of the HTTP edge: Fastify as it comes, the deposit's schema, and a handler that stores nothing. */
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
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ address });
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
