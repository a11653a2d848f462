import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { newResourceId, requestContext } from '../request-context.ts';
import { NoQuery, WriteHeaders } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { TransferIn } from '../schemas/transactions.ts';

const responses = {
  200: booked('The paying account, its new balance and the transaction.', Type.Ref('Booked')),
  ...problems({
    ...WRITE_PROBLEMS,
    404: ['account-not-found'],
    422: [
      'same-account',
      'currency-mismatch',
      'insufficient-funds',
      'balance-limit-exceeded',
      'account-frozen',
      'account-closed',
      'idempotency-key-reused',
    ],
  }),
};

export function transferRoutes(app: App, { bank }: HttpParts): void {
  app.post(
    '/transactions/transfer',
    {
      schema: {
        operationId: 'createTransfer',
        tags: ['Transactions'],
        summary: 'Transfer money between two accounts',
        description:
          'Moves money from one account to another of the same currency: both are booked, or neither. `If-Match` is about the paying account. Name the call by an `Idempotency-Key` to be able to repeat it safely.',
        headers: WriteHeaders,
        querystring: NoQuery,
        body: TransferIn,
        response: responses,
      },
    },
    async (request, reply) => {
      const { from_account_id, to_account_id, amount, description = null } = request.body;
      const executed = await bank.send(
        {
          type: 'CreateTransfer',
          fromAccountId: from_account_id,
          toAccountId: to_account_id,
          transactionId: newResourceId(),
          amount,
          description,
        },
        requestContext(request),
      );
      return written(reply, executed);
    },
  );
}
