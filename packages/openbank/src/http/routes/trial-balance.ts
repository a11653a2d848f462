import { getTrialBalanceDescription } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import { momentOf } from '../moment.ts';
import type { HttpParts } from '../parts.ts';
import { ProblemError } from '../problem.ts';
import { requestContext } from '../request-context.ts';
import { NowOrThenQuery, ReadHeaders } from '../schemas/headers.ts';
import { problems, READ_PROBLEMS } from '../schemas/problem.ts';
import { nowOrThen } from '../schemas/responses.ts';

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
        querystring: NowOrThenQuery,
        response: {
          200: nowOrThen('The books, by currency.', Type.Ref('TrialBalance')),
          ...problems({ ...READ_PROBLEMS, 404: ['nothing-booked'] }),
        },
      },
    },
    async (request, reply) => {
      const ask = (asOf?: Position, deadline?: AbortSignal) =>
        bank.send({ type: 'GetTrialBalance', asOf, deadline }, requestContext(request));
      const moment = momentOf(request);
      if (moment === undefined)
        return reads.answer(getTrialBalanceDescription, () => ask(), minPosition(request));
      const { answer, position } = await reads.past(moment, ask, nothingBooked);
      if (answer.currencies.length === 0) throw nothingBooked();
      reply.header('OpenBank-As-Of-Position', position);
      return answer;
    },
  );
}

function nothingBooked(): ProblemError {
  return new ProblemError(404, 'nothing-booked', 'Nothing was booked then: ask for a later moment.');
}
