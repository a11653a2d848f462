import { findTransactionDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { written } from '../replies.ts';
import { newResourceId, requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { RemarksIn } from '../schemas/transactions.ts';
import { remarksOf } from '../transaction-commands.ts';

export function reversalRoutes(app: App, { bank, reads }: HttpParts): void {
  app.post(
    '/transactions/:id/reversal',
    {
      schema: {
        operationId: 'createReversal',
        tags: ['Transactions'],
        summary: 'Reverse a transaction',
        description:
          'Takes back what a transaction has done, by a new one on the same accounts; each names the other. It is possible once, and only where the account that gives back can pay. The fee of a transfer is a transaction of its own. Answered to the account that gives back, or to the one that gets back where there is no other.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        params: Type.Object({ id: Id('Id of the transaction that is reversed.') }),
        body: RemarksIn,
        response: {
          200: booked('The account, its new balance and the reversal.', Type.Ref('Booked')),
          ...problems({
            ...WRITE_PROBLEMS,
            404: ['transaction-not-found'],
            422: [
              'already-reversed',
              'not-reversible',
              'insufficient-funds',
              'balance-limit-exceeded',
              'account-frozen',
              'account-closed',
              'idempotency-key-reused',
            ],
            503: [...WRITE_PROBLEMS[503], 'read-model-behind'],
          }),
        },
      },
    },
    async (request, reply) => {
      const context = requestContext(request);
      const { id: transactionId } = request.params;
      const query = { type: 'FindTransaction', transactionId } as const;
      const ask = () => bank.send(query, context);
      const recordedAt = await reads.find(findTransactionDescription, query, ask, undefined);
      const ids = { transactionId: newResourceId(), reversedId: transactionId, recordedAt };
      const command = { type: 'CreateReversal', ...ids, ...remarksOf(request.body) } as const;
      return written(reply, await bank.send(command, context));
    },
  );
}
