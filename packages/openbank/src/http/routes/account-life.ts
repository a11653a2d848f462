import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';
import { changed } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { FreezeIn, NothingIn, OverdraftLimitIn } from '../schemas/accounts.ts';
import { Id } from '../schemas/common.ts';
import { WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { changed as changedResponse } from '../schemas/responses.ts';

const params = Type.Object({ id: Id('Id of the account.') });

/** What all of them say of themselves. */
const common = { tags: ['Accounts'], headers: WriteHeaders, querystring: WriteQuery, params };

/** @param rules - codes of what a rule of the bank forbids */
const statusResponses = (...rules: readonly string[]) => ({
  200: changedResponse('The account and its status.', Type.Ref('AccountStatusChanged')),
  ...problemsWith(rules),
});

const problemsWith = (rules: readonly string[]) =>
  problems({
    ...WRITE_PROBLEMS,
    404: ['account-not-found'],
    422: [...rules, 'account-closed', 'idempotency-key-reused'],
  });

export function accountLifeRoutes(app: App, { bank }: HttpParts): void {
  app.post(
    '/accounts/:id/freeze',
    {
      schema: {
        ...common,
        operationId: 'freezeAccount',
        summary: 'Freeze an account',
        description:
          'Freezes an account for what takes money out (`FROZEN_DEBIT`), or for all but unfreezing (`FROZEN`). One that is frozen for what takes money out can be frozen for all. The body may be left out.',
        body: FreezeIn,
        response: statusResponses('account-frozen'),
      },
    },
    async (request, reply) => {
      const { status = 'FROZEN' } = request.body;
      const command = { type: 'FreezeAccount', accountId: request.params.id, status } as const;
      return changed(reply, await bank.send(command, requestContext(request)));
    },
  );

  app.post(
    '/accounts/:id/unfreeze',
    {
      schema: {
        ...common,
        operationId: 'unfreezeAccount',
        summary: 'Unfreeze an account',
        description: 'Opens an account again that was frozen, however far. The body may be left out.',
        body: NothingIn,
        response: statusResponses('account-not-frozen'),
      },
    },
    async (request, reply) => {
      const command = { type: 'UnfreezeAccount', accountId: request.params.id } as const;
      return changed(reply, await bank.send(command, requestContext(request)));
    },
  );

  app.post(
    '/accounts/:id/close',
    {
      schema: {
        ...common,
        operationId: 'closeAccount',
        summary: 'Close an account',
        description:
          'Closes an account for good: it is read as before, and nothing is done with it any more. Its balance must be zero, and it must not be `FROZEN`. The body may be left out.',
        body: NothingIn,
        response: statusResponses('balance-not-zero', 'account-frozen'),
      },
    },
    async (request, reply) => {
      const command = { type: 'CloseAccount', accountId: request.params.id } as const;
      return changed(reply, await bank.send(command, requestContext(request)));
    },
  );

  app.put(
    '/accounts/:id/overdraft-limit',
    {
      schema: {
        ...common,
        operationId: 'changeOverdraftLimit',
        summary: 'Change the overdraft limit of an account',
        description: 'Lets an account go further below zero, or less far, but not less far than it is.',
        body: OverdraftLimitIn,
        response: {
          200: changedResponse(
            'The account with its new limit, and what that makes available.',
            Type.Ref('OverdraftLimitChanged'),
          ),
          ...problemsWith(['overdraft-limit-in-use', 'overdraft-limit-too-high', 'account-frozen']),
        },
      },
    },
    async (request, reply) => {
      const { overdraft_limit: overdraftLimit } = request.body;
      const accountId = request.params.id;
      const command = { type: 'ChangeOverdraftLimit', accountId, overdraftLimit } as const;
      return changed(reply, await bank.send(command, requestContext(request)));
    },
  );
}
