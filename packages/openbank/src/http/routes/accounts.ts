import { getAccountDescription, getAccountsByOwnerDescription, getAccountsDescription } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import { findNowOrThen } from '../now-or-then.ts';
import type { HttpParts } from '../parts.ts';
import { made, pageBody, showRevision } from '../replies.ts';
import { newResourceId, requestContext } from '../request-context.ts';
import { AccountIn, AccountsQuery } from '../schemas/accounts.ts';
import { Id } from '../schemas/common.ts';
import { NowOrThenQuery, ReadHeaders, WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { PageOut, pagingOf } from '../schemas/lists.ts';
import { problems, READ_PROBLEMS, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { answered, created, foundNowOrThen, nowOrThen } from '../schemas/responses.ts';

export function accountRoutes(app: App, { bank, reads, currency }: HttpParts): void {
  app.post(
    '/accounts',
    {
      schema: {
        operationId: 'createBankAccount',
        tags: ['Accounts'],
        summary: 'Open an account',
        description: 'Opens an account with a balance of zero for a registered person.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: AccountIn,
        response: {
          201: created('The account, without the name of its owner.', Type.Ref('AccountOpened')),
          ...problems({
            ...WRITE_PROBLEMS,
            404: ['person-not-found'],
            422: ['overdraft-limit-too-high', 'idempotency-key-reused'],
          }),
        },
      },
    },
    async (request, reply) => {
      const { owner_id, overdraft_limit = 0, currency: wanted = currency, reference } = request.body;
      const executed = await bank.send(
        {
          type: 'CreateBankAccount',
          accountId: newResourceId(),
          ownerId: owner_id,
          currency: wanted,
          overdraftLimit: overdraft_limit,
          reference,
        },
        requestContext(request),
      );
      return made(reply, '/accounts', executed);
    },
  );

  app.get(
    '/accounts',
    {
      schema: {
        operationId: 'getAccounts',
        tags: ['Accounts'],
        summary: 'List accounts',
        description:
          'The accounts that fit every filter that is given, in the order of their opening; without filters, all.',
        headers: ReadHeaders,
        querystring: AccountsQuery,
        response: {
          200: answered('A page of the accounts.', PageOut(Type.Ref('Account'))),
          ...problems(READ_PROBLEMS),
        },
      },
    },
    async (request) => {
      const { owner_id: ownerId, status, currency: wanted, reference } = request.query;
      const filters = { ownerId, status, currency: wanted, reference };
      const query = { type: 'GetAccounts', ...filters, ...pagingOf(request.query) } as const;
      const ask = () => bank.send(query, requestContext(request));
      return pageBody(await reads.answer(getAccountsDescription, ask, minPosition(request)));
    },
  );

  app.get(
    '/accounts/:id',
    {
      schema: {
        operationId: 'getAccount',
        tags: ['Accounts'],
        summary: 'Get an account',
        description:
          'Answers from the read model, which follows the writes by some milliseconds: see `min_position`.',
        headers: ReadHeaders,
        querystring: NowOrThenQuery,
        params: Type.Object({ id: Id('Id of the account.') }),
        response: {
          200: foundNowOrThen('The account.', Type.Ref('Account')),
          ...problems({ ...READ_PROBLEMS, 404: ['account-not-found'] }),
        },
      },
    },
    async (request, reply) => {
      const query = { type: 'GetAccount', accountId: request.params.id } as const;
      const ask = (asOf?: Position, deadline?: AbortSignal) =>
        bank.send({ ...query, asOf, deadline }, requestContext(request));
      const call = { request, reply };
      return showRevision(reply, await findNowOrThen(reads, call, getAccountDescription, query, ask));
    },
  );

  app.get(
    '/accounts/by-owner/:owner_id',
    {
      schema: {
        operationId: 'getAccountsByOwner',
        tags: ['Accounts'],
        summary: 'List the accounts of a person',
        description:
          'All accounts of a person, in the order of their opening. A person without accounts has none: `[]`.',
        headers: ReadHeaders,
        querystring: NowOrThenQuery,
        params: Type.Object({ owner_id: Id('Id of the person.') }),
        response: {
          200: nowOrThen('The accounts.', Type.Array(Type.Ref('Account'))),
          ...problems({ ...READ_PROBLEMS, 404: ['person-not-found'] }),
        },
      },
    },
    async (request, reply) => {
      const query = { type: 'GetAccountsByOwner', ownerId: request.params.owner_id } as const;
      const ask = (asOf?: Position, deadline?: AbortSignal) =>
        bank.send({ ...query, asOf, deadline }, requestContext(request));
      const call = { request, reply };
      return [...(await findNowOrThen(reads, call, getAccountsByOwnerDescription, query, ask))];
    },
  );
}
