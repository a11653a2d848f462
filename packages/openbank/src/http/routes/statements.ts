import { getAccountTransactionsDescription } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { findNowOrThen } from '../now-or-then.ts';
import type { HttpParts } from '../parts.ts';
import { pageBody } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ReadHeaders } from '../schemas/headers.ts';
import { PageOut, pagingOf } from '../schemas/lists.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { nowOrThen } from '../schemas/responses.ts';
import { StatementQuery } from '../schemas/statements.ts';

export function statementRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/accounts/:id/transactions',
    {
      schema: {
        operationId: 'getAccountTransactions',
        tags: ['Transactions'],
        summary: 'List the transactions on an account',
        description:
          'The statement of an account, the newest line first. A line says what its transaction adds to the balance, and the balance after it, so that a statement adds up. A filter by type, amount or reference looks through the lines: a page may then be short, even empty, while `has_more` is true.',
        headers: ReadHeaders,
        querystring: StatementQuery,
        params: Type.Object({ id: Id('Id of the account.') }),
        response: {
          200: nowOrThen('A page of the statement.', PageOut(Type.Ref('StatementLine'))),
          ...problems({ ...READ_PROBLEMS, 404: ['account-not-found'] }),
        },
      },
    },
    async (request, reply) => {
      const { from, to, type: transactionType, min_amount, max_amount, reference } = request.query;
      const query = {
        type: 'GetAccountTransactions',
        accountId: request.params.id,
        from,
        to,
        transactionType,
        minAmount: min_amount,
        maxAmount: max_amount,
        reference,
        order: request.query.order ?? 'desc',
        ...pagingOf(request.query),
      } as const;
      const ask = (asOf?: Position, deadline?: AbortSignal) =>
        bank.send({ ...query, asOf, deadline }, requestContext(request));
      const call = { request, reply };
      return pageBody(await findNowOrThen(reads, call, getAccountTransactionsDescription, query, ask));
    },
  );
}
