import { getTransactionDescription, getTransactionsByKeyDescription } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import { findNowOrThen } from '../now-or-then.ts';
import type { HttpParts } from '../parts.ts';
import { pageBody } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ByKeyQuery, NowOrThenQuery, ReadHeaders } from '../schemas/headers.ts';
import { PageOut } from '../schemas/lists.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { answered, nowOrThen } from '../schemas/responses.ts';

export function transactionRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/transactions',
    {
      schema: {
        operationId: 'getTransactionsByKey',
        tags: ['Transactions'],
        summary: 'Find what a call has recorded',
        description:
          'The transactions of the call that was named by this idempotency key, also where its answer was lost. They are looked up in the log itself: an empty list means that no transaction was recorded under the key so far. Of a batch of independent items, each has a key of its own: `{key}/{index}`.',
        headers: ReadHeaders,
        querystring: ByKeyQuery,
        response: {
          200: answered('All of them.', PageOut(Type.Ref('Transaction'))),
          ...problems(READ_PROBLEMS),
        },
      },
    },
    async (request) => {
      const context = { ...requestContext(request), idempotencyKey: request.query.idempotency_key };
      const ask = () => bank.send({ type: 'GetTransactionsByKey' }, context);
      const items = await reads.answer(getTransactionsByKeyDescription, ask, minPosition(request));
      return pageBody({ items, next: undefined });
    },
  );

  app.get(
    '/transactions/:id',
    {
      schema: {
        operationId: 'getTransaction',
        tags: ['Transactions'],
        summary: 'Get a transaction',
        description:
          'A transaction as its write answered it, and what has reversed it since. The description of a transfer is that of the account that pays.',
        headers: ReadHeaders,
        querystring: NowOrThenQuery,
        params: Type.Object({ id: Id('Id of the transaction.') }),
        response: {
          200: nowOrThen('The transaction.', Type.Ref('Transaction')),
          ...problems({ ...READ_PROBLEMS, 404: ['transaction-not-found'] }),
        },
      },
    },
    async (request, reply) => {
      const context = requestContext(request);
      const { id: transactionId } = request.params;
      const query = { type: 'GetTransaction', transactionId } as const;
      const find = () => bank.send({ type: 'FindTransaction', transactionId }, context);
      async function ask(asOf?: Position, deadline?: AbortSignal) {
        // Where it is, only a read model tells: that one may still be behind.
        if (asOf !== undefined) await reads.find(getTransactionDescription, query, find, undefined);
        return bank.send({ ...query, asOf, deadline }, context);
      }
      return findNowOrThen(reads, { request, reply }, getTransactionDescription, query, ask);
    },
  );
}
