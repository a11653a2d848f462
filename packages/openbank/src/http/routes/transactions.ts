import { getTransactionDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import type { HttpParts } from '../parts.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ReadHeaders, ReadQuery } from '../schemas/headers.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { answered } from '../schemas/responses.ts';

export function transactionRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/transactions/:id',
    {
      schema: {
        operationId: 'getTransaction',
        tags: ['Transactions'],
        summary: 'Get a transaction',
        description:
          'A transaction as its write answered it. The description of a transfer is that of the account that pays.',
        headers: ReadHeaders,
        querystring: ReadQuery,
        params: Type.Object({ id: Id('Id of the transaction.') }),
        response: {
          200: answered('The transaction.', Type.Ref('Transaction')),
          ...problems({ ...READ_PROBLEMS, 404: ['transaction-not-found'] }),
        },
      },
    },
    async (request) => {
      const query = { type: 'GetTransaction', transactionId: request.params.id } as const;
      const ask = () => bank.send(query, requestContext(request));
      return reads.find(getTransactionDescription, query, ask, minPosition(request));
    },
  );
}
