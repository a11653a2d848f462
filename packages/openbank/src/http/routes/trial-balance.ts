import { getTrialBalanceDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import type { HttpParts } from '../parts.ts';
import { requestContext } from '../request-context.ts';
import { ReadHeaders, ReadQuery } from '../schemas/headers.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { answered } from '../schemas/responses.ts';

export function trialBalanceRoutes(app: App, { bank, reads }: HttpParts): void {
  app.get(
    '/trial-balance',
    {
      schema: {
        operationId: 'getTrialBalance',
        tags: ['Transactions'],
        summary: 'Get the trial balance',
        description:
          'What all accounts of a currency hold together, and the system accounts that their entries stand against, at one position of the log. Each transaction is a balanced entry, so every total is zero.',
        headers: ReadHeaders,
        querystring: ReadQuery,
        response: {
          200: answered('The books, by currency.', Type.Ref('TrialBalance')),
          ...problems(READ_PROBLEMS),
        },
      },
    },
    async (request) => {
      const ask = () => bank.send({ type: 'GetTrialBalance' }, requestContext(request));
      return reads.answer(getTrialBalanceDescription, ask, minPosition(request));
    },
  );
}
