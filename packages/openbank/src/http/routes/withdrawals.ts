import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { type DepositBody, WithdrawalFromAccountIn, WithdrawalIn } from '../schemas/transactions.ts';
import { withdrawalCommand } from '../transaction-commands.ts';

const responses = {
  200: booked('The account, its new balance and the transaction.', Type.Ref('Booked')),
  ...problems({
    ...WRITE_PROBLEMS,
    404: ['account-not-found'],
    422: ['account-frozen', 'account-closed', 'insufficient-funds', 'idempotency-key-reused'],
  }),
};

export function withdrawalRoutes(app: App, { bank }: HttpParts): void {
  async function withdraw(
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string,
    body: DepositBody,
  ) {
    return written(reply, await bank.send(withdrawalCommand(accountId, body), requestContext(request)));
  }

  app.post(
    '/transactions/withdrawal',
    {
      schema: {
        operationId: 'createWithdrawal',
        tags: ['Transactions'],
        summary: 'Withdraw money from an account',
        description:
          'Takes money out of an account, down to its overdraft limit and never below. Name the call by an `Idempotency-Key` to be able to repeat it safely.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: WithdrawalFromAccountIn,
        response: responses,
      },
    },
    (request, reply) => withdraw(request, reply, request.body.account_id, request.body),
  );

  app.post(
    '/accounts/:id/withdrawal',
    {
      schema: {
        operationId: 'createWithdrawalOnAccount',
        tags: ['Transactions'],
        summary: 'Withdraw money from this account',
        description: 'The same as `POST /transactions/withdrawal`, with the account in the path.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        params: Type.Object({ id: Id('Id of the account that pays the money out.') }),
        body: WithdrawalIn,
        response: responses,
      },
    },
    (request, reply) => withdraw(request, reply, request.params.id, request.body),
  );
}
