import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { batchCommand } from '../batch-commands.ts';
import { createIndependentBatches } from '../independent-batch.ts';
import type { HttpParts } from '../parts.ts';
import { malformed, type ProblemError } from '../problem.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { BatchIn } from '../schemas/batches.ts';
import { BatchHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';

/** Bytes of a batch: 1,000 transfers with all that can be said of them. */
const BODY_LIMIT = 2 * 1024 * 1024;

export interface BatchParts extends Pick<HttpParts, 'bank'> {
  /** How an item that failed is answered; what is a fault of ours is logged. */
  problemOf(error: unknown): ProblemError;
}

export function batchRoutes(app: App, { bank, problemOf }: BatchParts): void {
  const independent = createIndependentBatches(bank, problemOf);

  app.post(
    '/transactions/batch',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        operationId: 'createBatch',
        tags: ['Transactions'],
        summary: 'Record many transactions',
        description:
          'Up to 1,000 deposits, withdrawals, transfers, interests and fees in one call. `atomic`: one commit of all of them, or, where one is refused, of none; the fields that are wrong are named `items.3.amount`. `independent`: a result for each item; a call that is repeated with its key repeats what was done and decides again what was refused. In a dry run each independent item is tried by itself.',
        headers: BatchHeaders,
        querystring: WriteQuery,
        body: BatchIn,
        response: {
          200: booked('A result for each item, in the order of the items.', Type.Ref('Batch')),
          ...problems({
            ...BATCH_PROBLEMS,
            404: ['account-not-found'],
            422: [
              'same-account',
              'currency-mismatch',
              'insufficient-funds',
              'balance-limit-exceeded',
              'account-frozen',
              'account-closed',
              'interest-already-recorded',
              'idempotency-key-reused',
            ],
          }),
        },
      },
    },
    async (request, reply) => {
      assertNoPrecondition(request);
      const { mode, items } = request.body;
      const context = requestContext(request);
      if (mode === 'independent') return { mode, items: await independent(items, context, reply) };
      const executed = await bank.send(batchCommand(items), context);
      const answers = written(reply, executed);
      return { mode, items: answers.map((answer, index) => ({ index, ...DONE, ...answer })) };
    },
  );
}

/** A precondition that is not judged must not seem to hold. @throws ProblemError 400 */
function assertNoPrecondition({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (headers['if-match'] === undefined) return;
  throw malformed([{ field: 'If-Match', message: 'must be left out: a batch is about no single account' }]);
}

const DONE = { status: 'done' } as const;

const { 412: _precondition, ...BATCH_PROBLEMS } = WRITE_PROBLEMS;
