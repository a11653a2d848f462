import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { TransferIn } from '../schemas/transactions.ts';
import { transferCommand } from '../transaction-commands.ts';

const responses = {
  200: booked('The paying account, its new balance, the transaction and its fee.', Type.Ref('Transferred')),
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
          'Moves money from one account to another of the same currency: both are booked, or neither. A `fee` is booked in the same commit, as a transaction of its own. `If-Match` is about the paying account. Name the call by an `Idempotency-Key` to be able to repeat it safely.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: TransferIn,
        response: responses,
      },
    },
    async (request, reply) =>
      written(reply, await bank.send(transferCommand(request.body), requestContext(request))),
  );
}
