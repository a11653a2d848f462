import { getAccountEventsDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import type { HttpParts } from '../parts.ts';
import { pageBody } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ReadHeaders } from '../schemas/headers.ts';
import { ListQuery, PageOut, pagingOf } from '../schemas/lists.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { answered } from '../schemas/responses.ts';

export function accountEventRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/accounts/:id/events',
    {
      schema: {
        operationId: 'getAccountEvents',
        tags: ['Accounts'],
        summary: 'List the events of an account',
        description:
          'The history of an account as the log holds it, from its opening on: what has happened, when, by whom, and with what in one commit.',
        headers: ReadHeaders,
        querystring: ListQuery({}),
        params: Type.Object({ id: Id('Id of the account.') }),
        response: {
          200: answered('A page of the events.', PageOut(Type.Ref('AccountEvent'))),
          ...problems({ ...READ_PROBLEMS, 404: ['account-not-found'] }),
        },
      },
    },
    async (request) => {
      const { id: accountId } = request.params;
      const query = { type: 'GetAccountEvents', accountId, ...pagingOf(request.query) } as const;
      const ask = () => bank.send(query, requestContext(request));
      return pageBody(await reads.find(getAccountEventsDescription, query, ask, minPosition(request)));
    },
  );
}
