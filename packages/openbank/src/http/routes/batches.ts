import { setImmediate } from 'node:timers/promises';
import type { RequestContext } from '@openbank/eventsourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { batchCommand } from '../batch-commands.ts';
import { createIndependentBatches } from '../independent-batch.ts';
import type { HttpParts } from '../parts.ts';
import { malformed, type ProblemError, unavailable } from '../problem.ts';
import { written } from '../replies.ts';
import { requestContext } from '../request-context.ts';
import { type BatchBody, BatchIn } from '../schemas/batches.ts';
import { BatchHeaders, WriteQuery } from '../schemas/headers.ts';
import { problems, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { booked } from '../schemas/responses.ts';
import { createTurns } from '../turns.ts';

/** Bytes of a batch: 1,000 transfers with all that can be said of them. */
const BODY_LIMIT = 2 * 1024 * 1024;

export interface BatchParts extends Pick<HttpParts, 'bank'> {
  /** How an item that failed is answered; what is a fault of ours is logged. */
  problemOf(error: unknown): ProblemError;
}

export function batchRoutes(app: App, { bank, problemOf }: BatchParts): void {
  const independent = createIndependentBatches(bank, problemOf);
  const turns = createTurns({ ...BATCHES, refused: tooManyBatches });

  async function record({ mode, items }: BatchBody, context: RequestContext, reply: FastifyReply) {
    // Whatever has come meanwhile is answered first.
    await setImmediate();
    if (mode === 'independent') return { mode, items: await independent(items, context, reply) };
    const answers = written(reply, await bank.send(batchCommand(items), context));
    return { mode, items: answers.map((answer, index) => ({ index, ...DONE, ...answer })) };
  }

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
      const work = () => record(request.body, requestContext(request), reply);
      return request.body.items.length > FEW_ITEMS ? turns.take(work) : work();
    },
  );
}

/** A precondition that is not judged must not seem to hold. @throws ProblemError 400 */
function assertNoPrecondition({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (headers['if-match'] === undefined) return;
  throw malformed([{ field: 'If-Match', message: 'must be left out: a batch is about no single account' }]);
}

/** As many as are on their way at once anyway. */
const FEW_ITEMS = 64;
/** More are a thousand calls in one: one at a time, or nobody else gets an answer. Milliseconds. */
const BATCHES = { most: 1, mostWaiting: 64, patience: 20_000 };

function tooManyBatches(): ProblemError {
  const detail =
    'Too many batches wait for their turn: this one has recorded nothing; repeat it with the same key.';
  return unavailable('overloaded', detail, 5);
}

const DONE = { status: 'done' } as const;

const { 412: _precondition, ...BATCH_PROBLEMS } = WRITE_PROBLEMS;
