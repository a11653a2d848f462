import { getAccountTransactionsDescription, getTransactionDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ReadHeaders, ReadQuery } from '../schemas/headers.ts';
import { PageOut, paged } from '../schemas/lists.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { list } from '../schemas/responses.ts';
import { StatementQuery } from '../schemas/statements.ts';
import { minPosition, page } from './reads.ts';

export function statementRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/accounts/:id/transactions',
    {
      schema: {
        operationId: 'getAccountTransactions',
        tags: ['Transactions'],
        summary: 'List the transactions on an account',
        description:
          'The statement of an account, the newest line first. A line says what its transaction adds to the balance, and the balance after it, so that a statement adds up. A filter by type or amount looks through the lines: a page may then be short, even empty, while `has_more` is true.',
        headers: ReadHeaders,
        querystring: StatementQuery,
        params: Type.Object({ id: Id('Id of the account.') }),
        response: {
          200: list('A page of the statement.', PageOut(Type.Ref('StatementLine'))),
          ...problems({ ...READ_PROBLEMS, 404: ['account-not-found'] }),
        },
      },
    },
    async (request) => {
      const { from, to, type: transactionType, min_amount, max_amount, order = 'desc' } = request.query;
      const query = {
        type: 'GetAccountTransactions',
        accountId: request.params.id,
        ...{ from, to, transactionType, minAmount: min_amount, maxAmount: max_amount, order },
        ...paged(request.query),
      } as const;
      const ask = () => bank.send(query, requestContext(request));
      return page(await reads.find(getAccountTransactionsDescription, query, ask, minPosition(request)));
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
          'A transaction as its write answered it. The description of a transfer is that of the account that pays.',
        headers: ReadHeaders,
        querystring: ReadQuery,
        params: Type.Object({ id: Id('Id of the transaction.') }),
        response: {
          200: list('The transaction.', Type.Ref('Transaction')),
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
