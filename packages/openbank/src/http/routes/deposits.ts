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
import { type DepositBody, DepositIn, DepositToAccountIn } from '../schemas/transactions.ts';
import { depositCommand } from '../transaction-commands.ts';

const responses = {
  200: booked('The account, its new balance and the transaction.', Type.Ref('Booked')),
  ...problems({
    ...WRITE_PROBLEMS,
    404: ['account-not-found'],
    422: ['account-frozen', 'account-closed', 'balance-limit-exceeded', 'idempotency-key-reused'],
  }),
};

export function depositRoutes(app: App, { bank }: HttpParts): void {
  async function deposit(request: FastifyRequest, reply: FastifyReply, accountId: string, body: DepositBody) {
    return written(reply, await bank.send(depositCommand(accountId, body), requestContext(request)));
  }

  app.post(
    '/transactions/deposit',
    {
      schema: {
        operationId: 'createDeposit',
        tags: ['Transactions'],
        summary: 'Deposit money into an account',
        description:
          'Puts money into an account. Name the call by an `Idempotency-Key` to be able to repeat it safely.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: DepositToAccountIn,
        response: responses,
      },
    },
    (request, reply) => deposit(request, reply, request.body.account_id, request.body),
  );

  app.post(
    '/accounts/:id/deposit',
    {
      schema: {
        operationId: 'createDepositOnAccount',
        tags: ['Transactions'],
        summary: 'Deposit money into this account',
        description: 'The same as `POST /transactions/deposit`, with the account in the path.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        params: Type.Object({ id: Id('Id of the account that receives the money.') }),
        body: DepositIn,
        response: responses,
      },
    },
    (request, reply) => deposit(request, reply, request.params.id, request.body),
  );
}
