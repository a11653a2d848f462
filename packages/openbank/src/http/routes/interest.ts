import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { InterestIn } from '../schemas/transactions.ts';
import { interestCommand } from '../transaction-commands.ts';

export function interestRoutes(app: App, { bank }: HttpParts): void {
  app.post(
    '/transactions/interest',
    {
      schema: {
        operationId: 'recordInterest',
        tags: ['Transactions'],
        summary: 'Pay interest',
        description:
          'Puts interest into an account, once for each period. How much it is, the caller has calculated. Interest that was reversed still counts as paid: pay the right amount as a deposit.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: InterestIn,
        response: {
          200: booked('The account, its new balance and the transaction.', Type.Ref('Booked')),
          ...problems({
            ...WRITE_PROBLEMS,
            404: ['account-not-found'],
            422: [
              'interest-already-recorded',
              'balance-limit-exceeded',
              'account-frozen',
              'account-closed',
              'idempotency-key-reused',
            ],
          }),
        },
      },
    },
    async (request, reply) =>
      written(reply, await bank.send(interestCommand(request.body), requestContext(request))),
  );
}
