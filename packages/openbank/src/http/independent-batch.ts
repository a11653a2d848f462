import { randomUUIDv7 } from 'node:crypto';
import type { BatchItem, BatchItemAnswer } from '@openbank/bank';
import type { Executed, RequestContext } from '@openbank/eventsourcing';
import type { FastifyReply } from 'fastify';
import type { Bank } from '../bank.ts';
import { itemCommand } from './batch-commands.ts';
import type { ProblemError } from './problem.ts';
import { isDryRun } from './request-context.ts';
import type { BatchItemBody } from './schemas/batches.ts';

/** Sends each item as a command of its own, and answers a result for each, in their order. */
export function createIndependentBatches(bank: Bank, problemOf: (error: unknown) => ProblemError) {
  async function result(item: BatchItemBody, index: number, batch: RequestContext) {
    try {
      const executed = await send(bank, itemCommand(item), itemContext(item, index, batch));
      const { answer, position, replayed } = executed;
      return { position, result: { index, status: 'done', replayed, ...answer } } as const;
    } catch (error) {
      const problem = itemProblem(problemOf(error));
      // A fault is no refusal: what it has left behind, only a repeat with the same key tells.
      const status = UNKNOWN.has(problem.code) ? 'unknown' : 'refused';
      return { position: '', result: { index, status, replayed: false, problem } } as const;
    }
  }

  return async (items: readonly BatchItemBody[], batch: RequestContext, reply: FastifyReply) => {
    const results = await Promise.all(items.map((item, index) => result(item, index, batch)));
    const position =
      results
        .map((each) => each.position)
        .toSorted()
        .at(-1) ?? '';
    if (isDryRun(reply.request)) reply.header('OpenBank-Dry-Run', 'true');
    else if (position !== '') reply.header('OpenBank-Position', position);
    return results.map((each) => each.result);
  };
}

const UNKNOWN = new Set(['outcome-unknown', 'internal-error']);

/** A problem as an item shows it: without what is the same for all of its kind. */
function itemProblem(problem: ProblemError) {
  const { type: _type, title: _title, errors, ...shown } = problem.toProblem();
  return { ...shown, ...(errors !== undefined && { errors: [...errors] }) };
}

function send(bank: Bank, item: BatchItem, context: RequestContext): Promise<Executed<BatchItemAnswer>> {
  switch (item.type) {
    case 'CreateDeposit':
      return bank.send(item, context);
    case 'CreateWithdrawal':
      return bank.send(item, context);
    case 'CreateTransfer':
      return bank.send(item, context);
    case 'RecordInterest':
      return bank.send(item, context);
    case 'CreateFee':
      return bank.send(item, context);
    default:
      return item satisfies never;
  }
}

/** An item is a request of its own, caused by the batch: what its key stands for is the item as it was sent. */
function itemContext(item: BatchItemBody, index: number, batch: RequestContext): RequestContext {
  const { idempotency_key: ownKey, ...body } = item;
  const { idempotencyKey: key } = batch;
  return {
    ...batch,
    commandId: randomUUIDv7(),
    idempotencyKey: ownKey ?? (key === undefined ? undefined : `${key}/${index}`),
    request: { ...batch.request, body },
  };
}
