import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { FeeIn } from '../schemas/transactions.ts';
import { feeCommand } from '../transaction-commands.ts';

export function feeRoutes(app: App, { bank }: HttpParts): void {
  app.post(
    '/transactions/fee',
    {
      schema: {
        operationId: 'createFee',
        tags: ['Transactions'],
        summary: 'Charge a fee',
        description:
          'Takes money out of an account into the income of the bank. A fee for a transfer is charged with it: see `fee` there.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: FeeIn,
        response: {
          200: booked('The account, its new balance and the transaction.', Type.Ref('Booked')),
          ...problems({
            ...WRITE_PROBLEMS,
            404: ['account-not-found'],
            422: ['insufficient-funds', 'account-frozen', 'account-closed', 'idempotency-key-reused'],
          }),
        },
      },
    },
    async (request, reply) =>
      written(reply, await bank.send(feeCommand(request.body), requestContext(request))),
  );
}
